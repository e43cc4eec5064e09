"""Procedures told by a shape rather than a name: "IV 18 L AC", "two lines", "sugar 64".

A lexicon's phrases are fixed words; these need a number, a site or an answer beside a word that
alone would mean something else. A shape may carry its status ("IV not wanted", "IV missed x2").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tripsheet.lexicon import Entry, TermInfo
from tripsheet.reading.document import Document
from tripsheet.reading.patterns import Pattern
from tripsheet.reading.scan import Hit
from tripsheet.vocabulary import InterventionId, InterventionStatus


class _Shape(NamedTuple):
    id: InterventionId
    status: InterventionStatus | None
    """The status that the shape itself tells; None where its surroundings do."""
    hints: tuple[str, ...]
    """One of these stands in every match: a cheap test before the pattern runs."""
    pattern: Pattern | re.Pattern[str]


_GAUGE = r"(?:14|16|18|20|22|24)"
_SITE = r"(?:ac|a/c|fa|hand|wrist|forearm|arm|antecub\w*|bicep|foot|lac|rac|lfa|rfa|lh|rh|saphenous|scalp|elbow|ej|ankle|thumb)"
_SIDE = r"(?:r|l|rt|lt|right|left|bilat\w*|both)"
_NOT = r"(?:not (?:indicated|wanted|needed|started|attempted|done|required|warranted|available|obtained|placed|made|tried|necessary|touched)|(?:offered|considered)(?:,| and| but)* (?:but )?(?:refused|declined|deferred|not \w+)|refused|declined|deferred|put off|held off|unneeded|skipped|n/a|withheld|no veins?|none)"
_ANSWER_NO = r"(?: ?[\[{(] ?(?:n|no|none|deferred|declined|refused|n/a|)\b ?[\]})]|:? (?:n|no)(?= ?(?:[|;,.]|$)| [a-z]+ [\[{]))"
_PERSON_DRUG = r"(?! ?(?:fluids?|push|med\w*|bolus|drip|p\b|infusion|drugs?|antibiotics?|abx|pump|dose|iv|therapy|pole|bag|contrast|tylenol|site))"


def _compiled(expression: str) -> Pattern | re.Pattern[str]:
    """The expression tried at its openings, or everywhere where it can begin with any word."""
    try:
        return Pattern(expression)
    except ValueError:
        return re.compile(expression)


def _shape(
    id: InterventionId, status: InterventionStatus | None, hints: str, pattern: str
) -> _Shape:
    return _Shape(id, status, tuple(hints.split("|")), _compiled(pattern))


_SHAPES = (
    # lines: a gauge with a site, or a line or lock as medics call it
    _shape(
        "iv_access", None, "iv|line|sl|14|16|18|20|22|24",
        rf"\b(?:established|started|placed|obtained|initiated|got|inserted) (?:an? |the |his |her )?(?:\d\d ?g(?:a|auge)? )?iv\b{_PERSON_DRUG}"
        rf"|\b(?:iv|i v|line|sl|piv) ?(?:access )?(?:x ?\d )?#?{_GAUGE}\b(?! ?(?:mg|mcg|ml|cc|/|:))(?: ?g\b)?(?: {_SIDE} {_SITE}| {_SITE})?"
        rf"|\b{_GAUGE} ?(?:g |ga )?(?:in (?:the |his |her )?)?{_SIDE} {_SITE}\b|\b{_GAUGE} {_SITE}\b"
        rf"|\ban? {_GAUGE} (?:in|to|at) (?:the |his |her )"
        rf"|\b(?:got|get|put|started|placed|dropped|sank|sunk|slid|threaded|popped) (?:in )?an? {_GAUGE}\b(?! ?(?:mg|mcg|ml|cc|y|/|min|fr|french|lead))(?: in\b)?"
        rf"|\b(?:2|two|bilat\w*|bilateral|twin|dual) {_GAUGE}(?:'?s|g|ga)?\b(?! ?(?:mg|mcg|ml|cc|/|min|fr|hr|hours))(?:'?s)?(?: {_SITE})?"
        rf"|\b{_GAUGE} x ?2\b(?= (?:by|in|l|r|bilat|each|ac))",
    ),
    _shape(
        "iv_access", None, "line|lock",
        r"(?:(?<=[.;:,!?] )|(?<=\n)|^)(?:(?:one|1|two|2|three|3|a|second|another|good|big|our|my|their) )?(?:big |large |good |large bore |second |solid )?(?:lines?|lock)(?= (?:in|to|at) (?:the |his |her |my )?(?:r|l|rt|lt|right|left|hand|arm|foot|ac|forearm|elbow|both|each)\b| (?:r|l|rt|lt|right|left) (?:ac|hand|arm|fa|forearm|wrist|foot|a/c)\b|,? (?:no drugs?|nothing (?:through|given|in)|(?:a|half a|one|two) (?:liter|bag)|\d+ (?:of )?(?:ns|lr|saline)|tricky|good|patent|running|both arms|each arm|locked|by me|saline|fluids?)| ?[.,;](?! ?(?:of|at)\b))"
        r"|(?<!their )\b(?:two|2|2nd|second|another|bilateral|three) (?:big |large |good |large bore |more )?(?:iv )?lines?\b(?! (?:of|were|down|call|long))"
        r"|\b(?:got|get|start|started|put|placed|throw|threw|dropped|ran|established|have|had|secured|obtained) (?:in )?(?:a|an|one|two|2|the|our) (?:good |big |large |large bore |saline |second )?(?:lines?|lock)\b(?! (?:of|on the|up|for the))",
    ),
    _shape(
        "iv_access", "attempted", "iv|miss|blew|blown|fail|tried|tries| try|stick|poke|lost|no good| bad|infilt|unsuccess|could|cannot|unable|not flowing|thread",
        r"\b(?:iv|i v|iv attempts?|iv tr(?:y|ies)|line|piv|(?:1st|first|one) (?:iv|line|stick)|iv one attempt|iv two times)(?: (?:14|16|18|20|22|24) ?g?)?(?: (?:r|l|rt|lt|left|right))?(?: (?:ac|hand|fa|arm|forearm))?(?: x ?\d| attempts?)*,? (?:was |were )?(?:miss(?:ed)?\b|blew\b|blown\b|fail(?:ed|s)?\b|no good|bad\b|not flowing|infiltrated|lost\b|tr(?:y|ied)\b(?! .{0,30}success)|wouldn't thread|would not thread|unsuccessful)(?: (?:once|twice|x ?\d))?"
        r"|\btried (?:for|to get|to start|at) (?:an? |the )?(?:iv|line)\b(?: \w+){0,4},?(?: \w+){0,2}|\b(?:could not|couldn'?t|cannot|unable to) (?:get|hit|find|start|obtain|place) (?:an? |the |any )?(?:line|iv|vein|access)\b"
        r"|\b(?:vein not|no veins?|no line|no iv(?:/io)?|no access)\b[^.;]{0,25}\b(?:tries|sticks|attempts|pokes|try)\b|\b(?:two|three|2|3|one|1) (?:sticks?|pokes?|tries) (?:by|at|missed|and no|for)"
        r"|\b(?:i|we|partner|medic|he|she|me) missed (?:once|twice|x ?\d|two|one|three)\b|\((?:1st|first|2nd|second) (?:blew|missed|infiltrated)\)|\b(?:the )?first (?:was lost|one blew|blew)\b|\bmissed (?:an? |the |one )?(?:iv|line)\b|\b(?:line|lock) missed\b",
    ),
    _shape(
        "iv_access", "not_performed", "iv|line|access",
        rf"\b(?:refus\w+|declin\w+|deferred|no need for|did not want|didn'?t want|not wanting|no to) (?:an? |the |any )?iv\b{_PERSON_DRUG}"
        rf"|\biv(?: access| line| start| attempts?)?(?: was| is|s)? ?[,:=-]? ?{_NOT}\b|\biv{_ANSWER_NO}|\bno (?:line|lines|iv line|access)\b(?! of| \d| needed for| of)",
    ),
    # glucose and oxygen by their values
    _shape(
        "blood_glucose", None, "sugar|suger|shugar|glu|dexi|glc",
        r"\b(?:sugar|suger|shugar|gluc|glucose|glu|dexi|bld glc|blood glc) ?[:=\[]? ?(?:was |is |of |at |level |reading |check |fine,? |good,? |ok,? |okay,? |normal,? |low,? |high,? )*\d{2,3}\b(?! ?(?:g|gm|ml|mg(?!/d))\b)",
    ),
    _shape(
        "oxygen", None, " l|lpm|liter|litre|l ",
        r"\b(?:on|put (?:him|her|pt) on|at|to|usual|her|his|with|w/) (?:a |her |his |home |usual |about )*\d{1,2}(?:\.\d)? ?(?:l|lpm|liters?|litres?)\b(?! ?(?:ns|lr|of (?:ns|lr|fluid|normal|saline|blood)|bolus|fluid|nss|normal|saline|iv|of iv|taken|off|removed|uf))",
    ),
    _shape(
        "oxygen", None, "mask|cannula|t piece|neb",
        r"(?:(?<=[.;,!?] )|^)(?:then (?:a |the )?|a |the )?(?:mask|cannula)(?= (?:on|at|oxygen|o2)\b| ?[.,;] ?(?:sats?|spo2|\d{2}\b|up to))|\bmask oxygen\b|\bt piece (?:at )?\d\d ?%",
    ),
    # fluids by their amounts
    _shape(
        "iv_fluid_bolus", None, "liter|litre|fluid|saline|d5",
        r"\b(?:half a|a|one|two|another|\d(?:\.\d)?) (?:lit(?:er|re)s?|l) (?:in\b(?! the tank)|wide|of (?:ns|lr|saline|fluids?|ringers?|crystalloid|iv)|bolus|total in|so far|running|hung|went in|under pressure)"
        r"|\b(?:lines?|lock|iv|ivs|bore|gauge|1[468]s?|saline|bp|pressure)\b[^.;]{0,25}?\b(?:half a|a|one|two|another) lit(?:er|re)s?\b(?! (?:by|via|nc|nasal|o2|oxygen|per))"
        r"|\bfluids? (?:\d{2,4})\b|\bsaline (?:slow|running|up|wide|going|\d{2,4})|\b(?:250|500|1000) (?:of )?(?:saline|ringers?|ns|lr|fluid|nacl)\b|\bd5 ?(?:1/2|\.45|half|ns|lr)\b",
    ),
    _shape(
        "iv_fluid_bolus", "not_performed", "fluid|saline",
        r"\bno (?:iv )?fluids?(?= (?:given|started|hung|needed|by us|due|per|for|bolus)| ?[.,;]|$| [a-z]+ [a-z]+ (?:off|on))|\bsaline not (?:started|given|hung|needed|stocked)\b|\b(?:fluids?|bolus) (?:was |were )?(?:withheld|held|not (?:started|given|hung|needed|indicated))",
    ),
    _shape(
        "blood_transfusion", "not_performed", "blood|prbc|whole",
        r"\b(?:whole blood|prbcs?|blood(?! (?:sugar|glucose|pressure|loss|thin\w*|clot\w*|in|from|on|return|drawn|draw|gas|cultures?|work|tests?|noted|at|down|count|flow|given|over|out|seen|pooled|per|w/)\b)) ?(?:box |cooler )?[^.;]{0,32}?\b(?:not (?:hung|carried|given|available|indicated|opened|used|started|needed)|none (?:to be had|available|given|left|carried)|stayed (?:sealed|closed)|(?:was |is )?deferred)\b|\bplan for blood (?:at|when|in)\b|\bno (?:blood|blood products?) (?:given|carried|hung|available|on board)\b",
    ),
    # airway
    _shape(
        "endotracheal_intubation", "attempted", "dl |vl |pass|look|tube|laryng|intubat",
        r"\b(?:dl|vl|eti|intubation|laryngoscopy|tube)\b(?: attempts?)?(?: ?x ?\d| \d)?(?: (?:by|w/|with) \w+)?,?(?: \w+){0,3}? (?:no view|miss(?:ed)?\b|no luck|fail(?:ed|s)?\b|no pass|unsuccessful|no good)|\b(?:1st|first) pass (?:missed|failed|unsuccessful)|\b(?:tube|cords|airway) looked at (?:once|twice|x ?\d)[^.]{0,30}(?:could not|couldn'?t|no)|\b(?:looked|look) (?:once|twice|x ?\d)[^.;]{0,12}(?:no|could not|couldn'?t)|\besophageal (?:intubation|tube|placement)\b|\btube (?:was |got )?pulled (?:after|for|because|when)",
    ),
    _shape(
        "endotracheal_intubation", "not_performed", "rsi|intubat|ett|tube",
        r"\b(?:rsi|intubation|ett|airway|tube)(?: (?:meds|drugs|kit|gear|equipment|box|stuff|supplies|tray))? (?:was |were )?(?:drawn(?: up)?|laid out|out|open(?:ed)?|ready|prepped|prepared|readied|set up|on standby|standing by)\b[^.;]{0,24}?\b(?:never|not|unused|closed|wasn'?t|no need|maintained)\b(?: \w+)?|\b(?:rsi|intubation) (?:kit|meds|drugs|gear|equipment)[^.;]{0,12}\b(?:on standby|standing by|standby|ready|not used|not opened|never (?:used|opened))",
    ),
    _shape(
        "endotracheal_intubation", None, "tube",
        r"\b(?:tube|ett) (?:they|he|she|the \w+|hospital|\w+ hospital) (?:had )?(?:placed|put in)|\btube (?:was )?(?:placed|put in) (?:there|by|at|in the)\b|\b(?:placed|tubed|intubated) (?:there|by) (?:tues\w*|mon\w*|yesterday|the|county|sending)",
    ),
    _shape(
        "chest_decompression", None, "decomp|needel|thoracosto",
        r"\b(?:needle|needel|needled?|chest|bilat\w*|left|right|l|r) ?decomp\w*|\bneedel \w+|\b(?:finger|simple|bilat\w*(?: finger)?) thoracostom(?:y|ies)\b",
    ),
    _shape(
        "chest_decompression", "not_performed", "needle|decomp",
        r"\bneedle ?[\[{(] ?(?:n|no|none|deferred|)\b ?[^\]})]{0,12}|\bneedle (?:deferred|not (?:needed|indicated|done))|\b(?:decomp\w*|needle decomp\w*)[^.;]{0,16}\b(?:considered|not (?:done|needed|indicated)|deferred|withheld)\b",
    ),
    _shape(
        "gastric_tube", None, "ng|og",
        r"\b(?:ng|og)(?= (?:considered|declined|refused|not|deferred|vented|to (?:low|suction|lis|lws|gravity|int)|clamped|by |x ?1|passed|in\b|down\b|\d{1,2} ?fr)|t\b)",
    ),
    _shape(
        "bag_valve_mask", None, "bag|ventilat",
        r"\bon (?:the |a )bag\b|(?:(?<=[.;,!?] )|^)bag first\b|\b(?:breathing|breathed) for (?:him|her|pt|the patient|them)\b|\bventilat(?:ed|ing) (?:him|her|pt|the patient)\b",
    ),
    _shape(
        "bag_valve_mask", "not_performed", "bvm|bag|ambu",
        r"\b(?:bvm|ambu|bag|bagging)(?: mask)?(?: \+ ett)?(?: was| is)?(?: set up)?(?: at| by| kept at)?(?: the| his| her)? ?(?:head|bedside|out|ready|standby|close|side)?,?(?: and| but)?(?: was| were)? (?:not (?:needed|used|required)|never (?:needed|used))|\bbefore we got the bag out\b",
    ),
    _shape(
        "suction", "not_performed", "suct|bulb",
        r"\b(?:suction|bulb(?: syringe)?)(?: unit)? (?:was )?(?:set up|ready|available|at hand|out|on standby)[^.;]{0,14}\b(?:not|never) (?:needed|used|required)|\bno (?:suction|suctoin)(?:ing)?\b ?(?:needed|required|\{n\})?",
    ),
    _shape(
        "suction", None, "suck|bulb",
        r"\bsucked out\b|\bbulb suction\w*|\bsuction\w* with (?:the |a )?bulb(?: syringe)?|\b(?:with|w/) (?:the |a )bulb(?: syringe)?",
    ),
    _shape("chest_seal", None, "seal", r"(?:(?<=[.;,!?] )|^)(?:a |chest )?seal (?:on|placed|applied|to|over)\b,?(?: vented)?|\b(?:put|placed|added|slapped) (?:a|on a|another|the|one) (?:second |2nd |vented |back )?seal\b|\bvented seal\b"),
    # heart
    _shape(
        "cardiac_monitoring", "not_performed", "tele|monitor",
        r"\bno (?:tele|telemetry|monitor|monitoring|ekg|ecg)\b(?= (?:used|needed|applied|by|no|on|this|or)| ?[.,;]|$)|\bmonitor\b[^.;]{0,22}\b(?:not (?:put on|placed|applied|used|needed|hooked)|never (?:put on|used|needed))",
    ),
    _shape(
        "transcutaneous_pacing", "not_performed", "pac",
        r"\b(?:pacer|pacing)(?: pads| box)? (?:on|placed|applied|ready|at hand)?,? ?(?:on standby|standing by|standby|not (?:activated|connected|turned on|used|needed|started|indicated)|wasn'?t (?:indicated|needed|used)|never (?:used|activated|turned on))",
    ),
    _shape(
        "transcutaneous_pacing", None, "captur|pacer on|paceing",
        r"\bcaptur(?:ed|e|ing) (?:at|@) \d{2,3} ?(?:ma\b|milliamps?)|\bpacer (?:on|turned on|started) at \d|\bpac(?:e|ei)ing (?:at|@) \d",
    ),
    # injuries
    _shape(
        "hemorrhage_control", None, "towel|shirt|cloth|rag|robe|hand over|hand on|nose|nare|pressure on|clamp|napkin|sponge",
        r"\b(?:hold\w*|held|press\w*|pressure|kept|wrapped|stop\w*|had|put|tied|with)\b[^.;]{0,25}?\b(?:(?:bar |bath |hand |beach |paper |dish )?towels?|t ?shirt|shirt|cloth|(?:shop )?rags?|(?:choir )?robes?|napkins?|hand)(?: tight)?(?: (?:on|over|to|against|around|tight|in) (?:it|the |his |her |wound|arm|leg|neck|head|face|hand|scalp|cut|site|stump|thigh|groin|bite)|(?= pressure))|\b(?:hold\w*|held|press\w*) (?:a |the |his |her )?(?:bar |bath |hand |paper )?(?:towels?|rags?|t ?shirt|shirt|cloth|robes?|hand)\b|\bstop\w* (?:w/|with) (?:paper )?towels?\b|\b(?:pinch\w*|squeez\w*|clamp\w*) (?:his |her |the |own |pt's )?(?:nose|nares|nostrils)|\b(?:had|has|with|w/) (?:direct |firm |good )?pressure on (?:the |it|his |her )|\bclamp \+ lean|\b(?:towel|shirt|hand) pressure\b|\b(?:\w+'s |a )(?:towel|shirt) (?:on|over) it\b|\bbakri\b",
    ),
    _shape(
        "hemorrhage_control", None, "pack",
        r"\b(?:wound |nasal )?pack(?:ed|ing)\b(?=[^.;]{0,20}\b(?:gauze|quikclot|hemostat\w*|wound|cheek|groin|kerlix|axilla|it)\b| w/ (?:gauze|combat|quik\w*))(?! (?:up|and went|red|cells))",
    ),
    _shape(
        "tourniquet", None, "belt|tied|rope|tourni| tq",
        r"\b(?:belt|rope|bandana|cord|strap|shirt|shoelace|scarf) (?:tied |cinched |wrapped |tight )?(?:around|above|on|round|over) (?:the |his |her |it\b)?(?:\w+)?|\btied (?:a |his |her )?(?:rope|belt|cord|bandana|strap|shirt)|\bbelts? tq\b",
    ),
    _shape(
        "wound_care", None, "dress|drsg|dsg|band|wrap|steri|washed|redress",
        r"\b(?:scalp|wrists?|head|leg|arm|foot|hand|knee|heel|elbow|face|flap|skin tears?|lac|laceration|wound|burns?|abrasions?|ulcers?|stump|finger|toe|shin|calf|site|forehead|\bit|finger\w*)(?: \w+)? (?:was |were )?(?:re)?(?:dressed|wrapp?ed|bandaged)\b(?: (?:with|w/|in) \w+)?|\bre ?wrapp?ed\b|\b(?:wrapp?ed|dressed) (?:it|wet|the wound|loose|with gauze|moist|in (?:wet |moist )?(?:gauze|sponge|kerlix))\b|\bband ?aids?\b|\bsteri ?strips?\b|\b(?:wound|abd|surgical|honeycomb|incision|heel|hip|sacral|abdominal|chest|site)? ?(?:dressings?|drsg|dsg)(?: \w+){0,2}? (?:dry|clean|intact|cdi|c/d/i|in place|applied|placed|on|changed|reinforced)\b|\bwashed (?:it|the wound|wound|out) ?(?:out|with)?|\b(?:cleaned|cleansed|cleanded) (?:with|w/|and covered|and dressed|and bandaged)\b",
    ),
    _shape(
        "wound_care", "not_performed", "dress|irrigat",
        r"\b(?:dressings?|drsgs?|dsg)(?: \w+)? (?:left alone|not (?:disturbed|changed|removed|opened|touched))|\birrigation (?:deferred|not done|left)|\bpin site care left",
    ),
    _shape(
        "burn_care", None, "water|hose|tap|burn|faucet",
        r"\b(?:cool|cold|tap|running|faucet|hose)(?: tap)? (?:running )?water\b[^.;]{0,30}\b(?:burns?|scald|hand|arm|chest|leg|face|min\w*)|\b(?:garden )?hose (?:on|over) (?:it|the|his|her|burns?)|\bcold tap\b|\bunder (?:the |a )?(?:cold |cool )?(?:tap|faucet|shower)\b|\bburns? (?:re)?(?:dressed|wrapped|covered)",
    ),
    _shape(
        "spinal_motion_restriction", None, "hold|held|board|mat|scoop|spine|log roll|collar",
        r"\b(?:holding|held|holds?) (?:his |her |pt's |the |pt |manual )?(?:head(?! (?:up|of|down|cold))(?: (?:still|in line|and neck|midline))?|neck|spine|c ?spine|cspine)\b|\b(?:added|onto|with|on a|on the|on long|long|to a|to the) board\b(?! (?:meeting|cert|care|of|the|our|by|and (?:care|rode)))|\bon board (?:w/|with|and) collar|(?:(?<=[.;,!?] )|^)board (?:too|also|and collar|on)\b|\bvac(?:uum)? (?:matt?ress|board|splint board)\b",
    ),
    _shape(
        "spinal_motion_restriction", "not_performed", "board|collar|spine",
        r"\b(?:board|collar) (?:un(?:needed|necessary)|no because|not (?:ordered|needed|indicated|required|used)|def+er+ed|withheld)\b|\bspine (?:clear(?:ed)?|n/a)\b|\bno (?:collar|board|c collar)\b",
    ),
    _shape(
        "splinting", None, "splint|tape|cast|sling|scoop|pillow|scarf|wedge|immobil",
        r"\bair ?cast\b|\babductor wedge\b|\bin (?:a |his |her )?(?:hard )?cast\b|\bankle cast\b|\bbuddy taped\b|\bpillows?,? (?:and |/|, ?)?(?:blankets?|sheets?|rolls?)(?: rolled)? (?:round|around|splint\w*)|\bwrapped (?:it )?in a scarf\b|\bpillow splint\w*",
    ),
    _shape(
        "physical_restraint", "not_performed", "restrain|strap|cuff",
        rf"\bno (?:\w+ )?(?:restraints?|restrain)\b(?: (?:needed|used|required))?|\brestraints?(?: used)?(?: (?:were |was )?{_NOT}|{_ANSWER_NO})|\bwould(?:'ve| have)? (?:required?|needed?)? ?restrain\w*|\bno straps used\b|\bmitts off\b",
    ),
    _shape(
        "physical_restraint", None, "restrain|cuff",
        r"\b(?:soft|wrist|ankle|limb|4 ?pt|2 ?pt|four point) (?:soft |wrist |limb )?restrain(?:s|t|ed)?\b|\b(?:pd|police|deput\w+|officers?) cuffs?\b|\bcuffed (?:him|her|pt)\b|\b(?:down|on him) and cuffed\b",
    ),
    # other
    _shape(
        "patient_warming", None, "blanket|warmer|dried|wet cloth",
        r"\bblankets?(?= (?:x ?\d|given|applied|on|placed|to prevent|for)\b| ?[.,;]| ?/|, heat)|\b(?:under|covered (?:with|in|w/)(?: a| two| 2)?|with(?: a| extra)?|w/|in(?: a)?) (?:\w+ )?blankets?\b(?! (?:lift|pull|drag|carry|slide|splint|between|under))|\b(?:hand|foot|fluid|blanket/fluid|blanket) warmers?\b|\bwet clothes? (?:cut|off|removed|taken)|(?:(?<=[.;,!?] )|^)dried(?= ?[,.]| and)|\bpt cold,? sheet given\b",
    ),
    _shape(
        "patient_cooling", None, "ice |tank|shade|hose|cool",
        r"\bice (?:in|bath|tarp|water|packs? (?:in|to) (?:the )?(?:armpits?|groin|axilla\w*|neck))[^.;]{0,20}|\btank to cool\b|\bin the shade with a wet\b|\bhose and ice\b",
    ),
    _shape(
        "childbirth_delivery", None, "caught|born|deliver|birth",
        r"\bcaught (?:the baby|the rest|him|her baby|baby)\b|\b(?:baby (?:girl|boy)|newborn|infant|baby) (?:was )?(?:delivered|born)\b|\bborn (?:at |approx |about )?\d{3,4}\b|\bbirth(?:ed)? (?:in|at|by) ",
    ),
    _shape(
        "childbirth_delivery", "not_performed", "deliver|birth|ob kit|crown",
        r"\b(?:birth|ob|deliv\w*) (?:kit|pack)[^.;]{0,14}\b(?:not (?:used|opened|needed)|unused|sealed|standby|unopened|not)\b|\bno (?:delivery|birth)\b|\bdid not deliver\b",
    ),
    _shape(
        "cpr", None, "massage|resuscit",
        r"\b(?:made |doing |gave )?massage of (?:the )?heart\b|\bheart massage\b|\bchest massage\b",
    ),
    _shape(
        "cpr", "not_performed", "resuscitat|massage|cpr",
        r"\bno resuscitation (?:started|attempted|efforts)|\bnot start(?:ed)? (?:massage|cpr|compressions)|\bcpr ?[?:] ?(?:no|n)\b",
    ),
)  # fmt: skip


def read_shapes(document: Document) -> Iterator[tuple[Hit, InterventionStatus | None]]:
    """Each shape with the status that it tells, if it tells one.

    A shape without a status is left out where a name of its own kind stands already.
    """
    folded = document.folded
    for shape in _SHAPES:
        if not any(hint in folded for hint in shape.hints):
            continue
        entry = Entry("treatment", shape.id, "treatment", TermInfo(False, None))
        pattern = shape.pattern
        matches = (
            document.find(pattern) if isinstance(pattern, Pattern) else pattern.finditer(folded)
        )
        for match in matches:
            start, end = match.span()
            if start == end:
                continue
            if shape.status is None and any(
                hit.entry.id == shape.id
                and hit.start < end
                and start < hit.end
                and not hit.entry.info.weak
                for hit in document.treatments_between(start - 30, end)
            ):
                continue
            yield Hit(start, end, entry), shape.status
