"""Prints the page `docs/behaviour.md`: cases and known failures by capability."""

from __future__ import annotations

import tomllib
from collections import Counter

from cases import HERE, load

HEAD = """# Behaviour by capability

What the reader is expected to do, as cases that read like sentences (`tests/behaviour/`), by
capability and type, with those that fail today. Made by `python tests/behaviour/table.py`.

| capability | minimum | invariance | direction | cases | known to fail |
| --- | ---: | ---: | ---: | ---: | ---: |"""


def page() -> str:
    """The page as Markdown."""
    known = tomllib.loads((HERE / "known_failures.toml").read_text(encoding="utf-8"))
    failing = {id: body["reason"] for body in known["failure"] for id in body["cases"]}
    types: dict[str, Counter[str]] = {}
    failed: Counter[str] = Counter()
    for case in load():
        types.setdefault(case.capability, Counter())[case.type] += 1
        failed[case.capability] += case.id in failing
    lines = [HEAD]
    total: Counter[str] = Counter()
    for name, counts in types.items():
        total += counts
        cells = [counts["minimum"], counts["invariance"], counts["direction"], counts.total()]
        lines.append(f"| {name} | {' | '.join(map(str, cells))} | {failed[name]} |")
    cells = [total["minimum"], total["invariance"], total["direction"], total.total()]
    lines.append(f"| all | {' | '.join(map(str, cells))} | {failed.total()} |")
    share = 100 * failed.total() / max(1, total.total())
    lines.append(f"\n{share:.1f} % of the cases are known to fail, for these reasons:\n")
    lines += [f"- {body['reason']} ({len(body['cases'])})" for body in known["failure"]]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
