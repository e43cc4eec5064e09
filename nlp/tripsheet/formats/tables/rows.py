"""An output object as one flat row, for tables that people sort and filter."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

COLUMNS: dict[str, type] = {
    "id": str,
    "rules": str,
    "hcpcs": str,
    "modifiers": str,
    "necessity": str,
    "basis": str,
    "claimed_hcpcs": str,
    "claim_verdict": str,
    "claim_risk": str,
    "mileage_hcpcs": str,
    "mileage_units": float,
    "origin": str,
    "destination": str,
    "response": str,
    "transported": bool,
    "bed_confined": str,
    "gap_count": int,
    "gaps": str,
    "medications": str,
    "interventions": str,
    "conditions": str,
    "diagnoses": str,
    "review": str,
    "error": str,
    "error_line": int,
}
"""The columns of a flat row in order, with their types; a cell may be empty (None)."""


def flat_row(record: Mapping[str, Any]) -> dict[str, Any]:
    """One output object as one row; lists are joined by "; ", a failure fills `error`."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row["id"] = record["id"]
    if "error" in record:
        row["error"] = record["error"]["message"]
        row["error_line"] = record["error"]["line"]
        return row
    found, coding, gaps = record["findings"], record["coding"], record["gaps"]
    claimed, mileage = coding.get("claimed") or {}, coding.get("mileage") or {}
    transport = found["transport"]
    row |= {
        "rules": record["rules"],
        "hcpcs": coding["hcpcs"],
        "modifiers": " ".join(coding["modifiers"]),
        "necessity": coding["necessity"]["verdict"],
        "basis": _joined(coding["necessity"]["basis"]),
        "claimed_hcpcs": claimed.get("hcpcs"),
        "claim_verdict": claimed.get("verdict"),
        "claim_risk": claimed.get("risk"),
        "mileage_hcpcs": mileage.get("hcpcs"),
        "mileage_units": mileage.get("units"),
        "origin": transport["origin"],
        "destination": transport["destination"],
        "response": transport["response"],
        "transported": transport["transported"],
        "bed_confined": found["mobility"]["bed_confined"],
        "gap_count": len(gaps),
        "gaps": _joined(_about(gap) for gap in gaps),
        "medications": _joined(_medication(item) for item in found["medications"]),
        "interventions": _joined(_intervention(item) for item in found["interventions"]),
        "conditions": _joined(
            item["id"] for item in found["conditions"] if item["status"] == "present"
        ),
        "diagnoses": _joined(item["code"] for item in coding["diagnoses"]),
        "review": _joined(coding["review"]),
    }
    return row


def write_csv(records: Iterable[Mapping[str, Any]], stream: BinaryIO) -> None:
    """Write output objects as CSV in UTF-8, one row a report, with a row of column names."""
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
    writer = csv.DictWriter(text, list(COLUMNS), lineterminator="\r\n")
    writer.writeheader()
    for record in records:
        row = flat_row(record)
        if row["transported"] is not None:
            row["transported"] = str(row["transported"]).lower()
        writer.writerow(row)
    text.flush()
    text.detach()


def _joined(items: Iterable[str]) -> str:
    return "; ".join(items)


def _about(gap: Mapping[str, Any]) -> str:
    return f"{gap['id']} ({gap['about']})" if gap.get("about") else str(gap["id"])


def _medication(item: Mapping[str, Any]) -> str:
    if item["status"] != "given":
        return f"{item['name']} not given"
    by = "" if item["performer"] == "crew" else " by others"
    return f"{item['name']} {item['route']} x{item['count']}{by}"


def _intervention(item: Mapping[str, Any]) -> str:
    status = "" if item["status"] == "performed" else f" {item['status'].replace('_', ' ')}"
    by = "" if item["performer"] == "crew" else " by others"
    return f"{item['id']}{status}{by}"
