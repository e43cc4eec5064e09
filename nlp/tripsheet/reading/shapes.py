"""Procedures told by a shape rather than a name: "IV 18 L AC", "two lines", "sugar 64".

A lexicon's phrases are fixed words; these need a number, a site or an answer beside a word that
alone would mean something else. A shape may carry its status ("IV not wanted", "IV missed x2").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tripsheet.lexicon import Entry, TermInfo
from tripsheet.reading.document import Document
from tripsheet.reading.patterns import Pattern
from tripsheet.reading.scan import Hit
from tripsheet.vocabulary import InterventionId, InterventionStatus


class _Shape(NamedTuple):
    entry: Entry
    status: InterventionStatus | None
    """The status that the shape itself tells; None where its surroundings do."""
    pattern: Pattern


_GAUGE = r"(?:14|16|18|20|22|24)"
_SITE = (
    r"(?:ac|a/c|fa|hand|wrist|forearm|arm|antecub\w*|bicep|foot|lac|rac|lfa|rfa|lh|rh|saphenous"
    r"|scalp|elbow|ej|ankle|thumb)"
)
_SIDE = r"(?:r|l|rt|lt|right|left|bilat\w*|both)"
_NOT = (
    r"(?:not (?:indicated|wanted|needed|started|attempted|done|required|warranted|available"
    r"|obtained|placed|made|tried|necessary|touched)|(?:offered|considered)(?:,| and"
    r"| but)* (?:but )?(?:refused|declined|deferred|not \w+)|refused|declined|deferred|put off"
    r"|held off|unneeded|skipped|n/a|withheld|no veins?|none)"
)
_ANSWER_NO = (
    r"(?: ?[\[{(] ?(?:n|no|none|deferred|declined|refused|n/a|)\b ?[\]})]|:? (?:n"
    r"|no)(?= ?(?:[|;,.]|$)| [a-z]+ [\[{]))"
)
_PERSON_DRUG = (
    r"(?! ?(?:fluids?|push|med\w*|bolus|drip|p\b|infusion|drugs?|antibiotics?|abx|pump|dose|iv"
    r"|therapy|pole|bag|contrast|tylenol|site))"
)


def _shape(id: InterventionId, status: InterventionStatus | None, pattern: str) -> _Shape:
    return _Shape(
        Entry("treatment", id, "treatment", TermInfo(False, None)), status, Pattern(pattern)
    )


_SHAPES = (
    # lines: a gauge with a site, or a line or lock as medics call it
    _shape(
        "iv_access", None,
        rf"\b(?:established|started|placed|obtained|initiated|got|inserted) (?:an? |the "
        rf"|his |her )?(?:\d\d ?g(?:a|auge)? )?iv\b{_PERSON_DRUG}"
        rf"|\b(?:iv|i v|line|sl|piv) ?(?:access )?(?:x ?\d )?#?{_GAUGE}\b(?! ?(?:mg|mcg|ml"
        rf"|cc|/|:))(?: ?g\b)?(?: {_SIDE} {_SITE}| {_SITE})?"
        rf"|\b{_GAUGE} ?(?:g |ga )?(?:in (?:the |his |her )?)?{_SIDE} {_SITE}\b"
        rf"|\b{_GAUGE} {_SITE}\b"
        rf"|\ban? {_GAUGE} (?:in|to|at) (?:the |his |her )"
        rf"|\b(?:got|get|put|started|placed|dropped|sank|sunk|slid|threaded"
        rf"|popped) (?:in )?an? {_GAUGE}\b(?! ?(?:mg|mcg|ml|cc|y|/|min|fr|french"
        rf"|lead))(?: in\b)?"
        rf"|\b(?:2|two|bilat\w*|bilateral|twin|dual) {_GAUGE}(?:'?s|g|ga)?\b(?! ?(?:mg|mcg"
        rf"|ml|cc|/|min|fr|hr|hours))(?:'?s)?(?: {_SITE})?"
        rf"|\b{_GAUGE} x ?2\b(?= (?:by|in|l|r|bilat|each|ac))",
    ),
    _shape(
        "iv_access", None,
        r"(?:(?<=[.;:,!?] )|(?<=\n)|^)(?:(?:one|1|two|2|three|3|a|second|another|good|big"
        r"|our|my|their) )?(?:big |large |good |large bore |second |solid )?(?:lines?"
        r"|lock)(?= (?:in|to|at) (?:the |his |her |my )?(?:r|l|rt|lt|right|left|hand|arm"
        r"|foot|ac|forearm|elbow|both|each)\b| (?:r|l|rt|lt|right|left) (?:ac|hand|arm|fa"
        r"|forearm|wrist|foot|a/c)\b|,? (?:no drugs?|nothing (?:through|given|in)|(?:a"
        r"|half a|one|two) (?:liter|bag)|\d+ (?:of )?(?:ns|lr|saline)|tricky|good|patent"
        r"|running|both arms|each arm|locked|by me|saline|fluids?)| ?[.,;](?! ?(?:of|at)\b))"
        r"|(?<!their )\b(?:two|2|2nd|second|another|bilateral|three) (?:big |large |good "
        r"|large bore |more )?(?:iv )?lines?\b(?! (?:of|were|down|call|long))"
        r"|\b(?:got|get|start|started|put|placed|throw|threw|dropped|ran|established|have"
        r"|had|secured|obtained) (?:in )?(?:a|an|one|two|2|the|our) (?:good |big |large "
        r"|large bore |saline |second )?(?:lines?|lock)\b(?! (?:of|on the|up|for the))",
    ),
    _shape(
        "iv_access", "attempted",
        r"\b(?:iv|i v|iv attempts?|iv tr(?:y|ies)|line|piv|(?:1st|first|one) (?:iv|line"
        r"|stick)|iv one attempt|iv two times)(?: (?:14|16|18|20|22|24) ?g?)?(?: (?:r|l|rt"
        r"|lt|left|right))?(?: (?:ac|hand|fa|arm|forearm))?(?: x ?\d| attempts?)*,? (?:was "
        r"|were )?(?:miss(?:ed)?\b|blew\b|blown\b|fail(?:ed|s)?\b|no good|bad\b|not flowing"
        r"|infiltrated|lost\b|tr(?:y|ied)\b(?! .{0,30}success)|wouldn't thread"
        r"|would not thread|unsuccessful)(?: (?:once|twice|x ?\d))?"
        r"|\btried (?:for|to get|to start|at) (?:an? |the )?(?:iv"
        r"|line)\b(?: \w+){0,4},?(?: \w+){0,2}|\b(?:could not|couldn'?t|cannot"
        r"|unable to) (?:get|hit|find|start|obtain|place) (?:an? |the |any )?(?:line|iv|vein"
        r"|access)\b"
        r"|\b(?:vein not|no veins?|no line|no iv(?:/io)?|no access)\b[^.;]{0,25}\b(?:tries"
        r"|sticks|attempts|pokes|try)\b|\b(?:two|three|2|3|one|1) (?:sticks?|pokes?"
        r"|tries) (?:by|at|missed|and no|for)"
        r"|\b(?:i|we|partner|medic|he|she|me) missed (?:once|twice|x ?\d|two|one|three)\b"
        r"|\((?:1st|first|2nd|second) (?:blew|missed|infiltrated)\)"
        r"|\b(?:the )?first (?:was lost|one blew|blew)\b|\bmissed (?:an? |the |one )?(?:iv"
        r"|line)\b|\b(?:line|lock) missed\b",
    ),
    _shape(
        "iv_access", "not_performed",
        rf"\b(?:refus\w+|declin\w+|deferred|no need for|did not want|didn'?t want"
        rf"|not wanting|no to) (?:an? |the |any )?iv\b{_PERSON_DRUG}"
        rf"|\biv(?: access| line| start| attempts?)?(?: was| is|s)? ?[,:=-]? ?{_NOT}\b"
        rf"|\biv{_ANSWER_NO}|\bno (?:line|lines|iv line|access)\b(?! of| \d| needed for| of)",
    ),
    # glucose and oxygen by their values
    _shape(
        "blood_glucose", None,
        r"\b(?:sugar|suger|shugar|gluc|glucose|glu|dexi|bld glc|blood glc) ?[:=\[]? ?(?:was "
        r"|is |of |at |level |reading |check |fine,? |good,? |ok,? |okay,? |normal,? |low,? "
        r"|high,? )*\d{2,3}\b(?! ?(?:g|gm|ml|mg(?!/d))\b)",
    ),
    _shape(
        "oxygen", None,
        r"\b(?:on|put (?:him|her|pt) on|at|to|usual|her|his|with|w/) (?:a |her |his |home "
        r"|usual |about )*\d{1,2}(?:\.\d)? ?(?:l|lpm|liters?|litres?)\b(?! ?(?:ns|lr"
        r"|of (?:ns|lr|fluid|normal|saline|blood)|bolus|fluid|nss|normal|saline|iv|of iv"
        r"|taken|off|removed|uf))",
    ),
    _shape(
        "oxygen", None,
        r"(?:(?<=[.;,!?] )|^)(?:then (?:a |the )?|a |the )?(?:mask|cannula)(?= (?:on|at"
        r"|oxygen|o2)\b| ?[.,;] ?(?:sats?|spo2|\d{2}\b|up to))"
        r"|\bt piece (?:at )?\d\d ?%",
    ),
    _shape(
        "oxygen", None,
        r"\b\d{1,2}(?:\.\d)? ?(?:l|lpm|lit(?:er|re)s?)(?:/min)? (?:o2 |oxygen )?(?:(?:by|via"
        r"|per|through|w/|with|on) )?(?:an? |the |his |her |simple |face |nasal "
        r"|non ?re ?breather )*(?:mask|cannula"
        r"|canula|nc|nrb\w*|trach\w*|venturi)\b",
    ),
    # fluids by their amounts
    _shape(
        "iv_fluid_bolus", None,
        r"\b(?:half a|a|one|two|another|\d(?:\.\d)?) (?:lit(?:er|re)s?"
        r"|l) (?:in\b(?! the tank)|wide|of (?:ns|lr|saline|fluids?|ringers?|crystalloid|iv)"
        r"|bolus|total in|so far|running|hung|went in|under pressure)"
        r"|\b(?:lines?|lock|iv|ivs|bore|gauge|1[468]s?|saline|bp"
        r"|pressure)\b[^.;]{0,25}?\b(?:half a|a|one|two|another) lit(?:er|re)s?\b(?! (?:by"
        r"|via|nc|nasal|o2|oxygen|per))"
        r"|\bfluids? (?:\d{2,4})\b|\bsaline (?:slow|running|up|wide|going|\d{2,4})|\b(?:250"
        r"|500|1000) (?:of )?(?:saline|ringers?|ns|lr|fluid|nacl)\b|\bd5 ?(?:1/2|\.45|half"
        r"|ns|lr)\b",
    ),
    _shape(
        "iv_fluid_bolus", "not_performed",
        r"\bno (?:iv )?fluids?(?= (?:given|started|hung|needed|by us|due|per|for|bolus)"
        r"| ?[.,;]|$| [a-z]+ [a-z]+ (?:off|on))|\bsaline not (?:started|given|hung|needed"
        r"|stocked)\b|\b(?:fluids?|bolus) (?:was |were )?(?:withheld|held|not (?:started"
        r"|given|hung|needed|indicated))",
    ),
    _shape(
        "blood_transfusion", "not_performed",
        r"\b(?:whole blood|prbcs?|blood(?! (?:sugar|glucose|pressure|loss|thin\w*|clot\w*|in"
        r"|from|on|return|drawn|draw|gas|cultures?|work|tests?|noted|at|down|count|flow"
        r"|given|over|out|seen|pooled|per|w/)\b)) ?(?:box "
        r"|cooler )?[^.;]{0,32}?\b(?:not (?:hung|carried|given|available|indicated|opened"
        r"|used|started|needed)|none (?:to be had|available|given|left|carried)"
        r"|stayed (?:sealed|closed)|(?:was |is )?deferred)\b"
        r"|\bno (?:blood|blood products?) (?:given|carried|hung|available|on board)\b",
    ),
    # airway
    _shape(
        "endotracheal_intubation", "attempted",
        r"\b(?:dl|vl|eti|intubation|laryngoscopy|tube)\b(?: attempts?)?(?: ?x ?\d"
        r"| \d)?(?: (?:by|w/|with) \w+)?,?(?: (?!after\b)\w+){0,3}? (?:no view|miss(?:ed)?\b"
        r"|no luck"
        r"|fail(?:ed|s)?\b|no pass|unsuccessful|no good)|\b(?:1st|first) pass (?:missed"
        r"|failed|unsuccessful)"
        r"|\besophageal (?:intubation|tube"
        r"|placement)\b|\btube (?:was |got )?pulled (?:after|for|because|when)",
    ),
    _shape(
        "endotracheal_intubation", "not_performed",
        r"\b(?:rsi|intubation|ett|airway|tube)(?: (?:meds|drugs|kit|gear|equipment|box|stuff"
        r"|supplies|tray))? (?:was |were )?(?:drawn(?: up)?|laid out|out|open(?:ed)?|ready"
        r"|prepped|prepared|readied|set up|on standby|standing by)\b[^.;]{0,24}?\b(?:never"
        r"|not|unused|closed|wasn'?t|no need|maintained)\b(?: \w+)?|\b(?:rsi"
        r"|intubation) (?:kit|meds|drugs|gear|equipment)[^.;]{0,12}\b(?:on standby"
        r"|standing by|standby|ready|not used|not opened|never (?:used|opened))",
    ),
    _shape(
        "endotracheal_intubation", None,
        r"\b(?<!gastric )(?<!chest )(?<!ng )(?<!og )(?<!feeding )(?<!peg )(?<!trach )(?<!g )(?<!j )"
        r"(?:tube|ett) (?:they|he|she|the \w+|hospital|\w+ hospital) (?:had )?(?:placed"
        r"|put in)|\b(?:tube|ett)(?: at \d+(?: cm)?)? (?:was )?(?:placed|put in) (?:there|by|at"
        r"|in the)\b|\b(?:tubed"
        r"|intubated) (?:there|by) (?:tues\w*|mon\w*|yesterday|the|county|sending)",
    ),
    _shape(
        "chest_decompression", None,
        r"\b(?:needle|needel|needled?|chest|bilat\w*|left|right|l|r) ?decomp\w*"
        r"|\b(?:finger|simple|bilat\w*(?: finger)?) thoracostom(?:y|ies)\b",
    ),
    _shape(
        "chest_decompression", "not_performed",
        r"\bneedle ?[\[{(] ?(?:n|no|none|deferred|)\b ?[^\]})]{0,12}|\bneedle (?:deferred"
        r"|not (?:needed|indicated|done))|\b(?:decomp\w*"
        r"|needle decomp\w*)[^.;]{0,16}\b(?:considered|not (?:done|needed|indicated)"
        r"|deferred|withheld)\b",
    ),
    _shape(
        "gastric_tube", None,
        r"\b(?:ng|og)(?= (?:considered|declined|refused|not|deferred|vented|to (?:low"
        r"|suction|lis|lws|gravity|int)|clamped|by |x ?1|passed|in\b|down\b|\d{1,2} ?fr)|t\b)",
    ),
    _shape(
        "bag_valve_mask", None,
        r"\bon (?:the |a )bag\b|(?:(?<=[.;,!?] )|^)bag first\b|\b(?:breathing"
        r"|breathed) for (?:him|her|pt|the patient|them)\b|\bventilat(?:ed|ing) (?:him|her"
        r"|pt|the patient)\b",
    ),
    _shape(
        "bag_valve_mask", "not_performed",
        r"\b(?:bvm|ambu|bag|bagging)(?: mask)?(?: \+ ett)?(?: was| is)?(?: set up)?(?: at"
        r"| by| kept at)?(?: the| his| her)? ?(?:head|bedside|out|ready|standby|close"
        r"|side)?,?(?: and| but)?(?: was| were)? (?:not (?:needed|used|required)"
        r"|never (?:needed|used))",
    ),
    _shape(
        "suction", "not_performed",
        r"\b(?:suction|bulb(?: syringe)?)(?: unit)? (?:was )?(?:set up|ready|available"
        r"|at hand|out|on standby)[^.;]{0,14}\b(?:not|never) (?:needed|used|required)"
        r"|\bno (?:suction|suctoin)(?:ing)?\b ?(?:needed|required|\{n\})?",
    ),
    _shape(
        "suction", None,
        r"\bsucked out\b|\bbulb suction\w*|\bsuction\w* with (?:the |a )?bulb(?: syringe)?"
        r"|\b(?:with|w/) (?:the |a )bulb(?: syringe)?",
    ),
    _shape("chest_seal", None, (
        r"(?:(?<=[.;,!?] )|^)(?:a |chest )?seal (?:on|placed|applied|to|over)\b,?(?: vented)?"
        r"|\b(?:put|placed|added|slapped) (?:a|on a|another|the|one) (?:second |2nd |vented "
        r"|back )?seal\b|\bvented seal\b"
    )),
    # heart
    _shape(
        "cardiac_monitoring", "not_performed",
        r"\bno (?:tele|telemetry|monitor|monitoring|ekg|ecg)\b(?= (?:used|needed|applied|by"
        r"|no|on|this|or)| ?[.,;]|$)|\bmonitor\b[^.;]{0,22}\b(?:not (?:put on|placed|applied"
        r"|used|needed|hooked)|never (?:put on|used|needed))",
    ),
    _shape(
        "transcutaneous_pacing", "not_performed",
        r"\b(?:pacer|pacing)(?: pads| box)? (?:on|placed|applied|ready"
        r"|at hand)?,? ?(?:on standby|standing by|standby|not (?:activated|connected"
        r"|turned on|used|needed|started|indicated)|wasn'?t (?:indicated|needed|used)"
        r"|never (?:used|activated|turned on))",
    ),
    _shape(
        "transcutaneous_pacing", None,
        r"\bcaptur(?:ed|e|ing) (?:at|@) \d{2,3} ?(?:ma\b|milliamps?)|\bpacer (?:on|turned on"
        r"|started) at \d|\bpac(?:e|ei)ing (?:at|@) \d",
    ),
    _shape("manual_defibrillation", "not_performed", r"\b(?:0|zero) shocks?\b"),
    # injuries
    _shape(
        "hemorrhage_control", None,
        r"\b(?:hold\w*|held|press\w*|pressure|kept|wrapped|stop\w*|had|put|tied"
        r"|with)\b[^.;]{0,25}?\b(?:(?:bar |bath |hand |beach |paper |dish )?towels?|t ?shirt"
        r"|shirt|cloth|(?:shop )?rags?|(?:choir )?robes?|napkins?|hand)(?: tight)?(?: (?:on"
        r"|over|to|against|around|tight|in) (?:it|the |his |her |wound|arm|leg|neck|head"
        r"|face|hand|scalp|cut|site|stump|thigh|groin|bite)|(?= pressure))|\b(?:hold\w*|held"
        r"|press\w*) (?:a |the |his |her )?(?:bar |bath |hand |paper )?(?:towels?|rags?"
        r"|t ?shirt|shirt|cloth|robes?|hand (?:on|over))\b"
        r"|\bstop\w* (?:w/|with) (?:paper )?towels?\b"
        r"|\b(?:pinch\w*|squeez\w*|clamp\w*) (?:his |her |the |own |pt's )?(?:nose|nares"
        r"|nostrils)|\b(?:had|has|with|w/) (?:direct |firm |good )?pressure on (?:the |it"
        r"|his |her )|\b(?:towel|shirt|hand) pressure\b|(?:(?<='s )"
        r"|\ba )(?:towel|shirt) (?:on|over) it\b",
    ),
    _shape(
        "hemorrhage_control", None,
        r"\b(?:wound |nasal )?pack(?:ed|ing)\b(?=[^.;]{0,20}\b(?:gauze|quikclot|hemostat\w*"
        r"|wound|cheek|groin|kerlix|axilla|it)\b| w/ (?:gauze|combat|quik\w*))(?! (?:up"
        r"|and went|red|cells))",
    ),
    _shape(
        "tourniquet", None,
        r"\b(?:(?:belt|rope)(?: tied| cinched| wrapped| tight)?|(?:bandana|cord|strap|shirt"
        r"|shoelace|scarf) (?:tied|cinched|wrapped))(?: tight)? (?:around|above|on|round"
        r"|over) (?:the |his |her |it\b)?(?:\w+)?"
        r"|\btied (?:a |his |her )?(?:rope|belt|cord|bandana|strap|shirt)",
    ),
    _shape(
        "wound_care", None,
        r"\b(?:scalp|wrists?|head|leg|arm|foot|hand|knee|heel|elbow|face|flap|skin tears?"
        r"|lac|laceration|wound|burns?|abrasions?|ulcers?|stump|finger|toe|shin|calf|site"
        r"|forehead|\bit|finger\w*)(?: \w+)? (?:was |were )?(?:re)?(?:dressed|wrapp?ed"
        r"|bandaged)\b(?: (?:with|w/|in) \w+)?|\bre ?wrapp?ed\b|\b(?:wrapp?ed|dressed) (?:it"
        r"|wet|the wound|loose|with gauze|moist|in (?:wet |moist )?(?:gauze|sponge"
        r"|kerlix))\b|\bband ?aids?\b|\bsteri ?strips?\b|\b(?:wound|abd|surgical|honeycomb"
        r"|incision|heel|hip|sacral|abdominal|chest|site)? ?(?:dressings?|drsg"
        r"|dsg)(?: \w+){0,2}? (?:dry|clean|intact|cdi|c/d/i|in place|applied|placed|on"
        r"|changed|reinforced)\b|\bwashed (?:it|the wound|wound|out) ?(?:out|with)?"
        r"|\b(?:cleaned|cleansed|cleanded) (?:with|w/|and covered|and dressed|and bandaged)\b",
    ),
    _shape(
        "wound_care", "not_performed",
        r"\b(?:dressings?|drsgs?|dsg)(?: \w+)? (?:left alone|not (?:disturbed|changed"
        r"|removed|opened|touched))|\birrigation (?:deferred|not done|left)",
    ),
    _shape(
        "burn_care", None,
        r"\b(?:cool|cold|tap|running|faucet"
        r"|hose)(?: tap)? (?:running )?water\b[^.;]{0,30}\b(?:burns?|scald|hand|arm|chest"
        r"|leg|face|min\w*)|\b(?:garden )?hose (?:on|over) (?:it|the|his|her|burns?)"
        r"|\bunder (?:the |a )?(?:cold |cool )?(?:tap|faucet|shower)\b"
        r"|\bburns? (?:re)?(?:dressed|wrapped|covered)",
    ),
    _shape(
        "spinal_motion_restriction", None,
        r"\b(?:holding|held|holds?) (?:his |her |pt's |the |pt |manual )?(?:head(?! (?:up|of"
        r"|down|cold))(?: (?:still|in line|and neck|midline))?|neck|spine|c ?spine|cspine)\b"
        r"|\b(?:added|onto|with|on a|on the|on long|long|to a|to the) board\b(?! (?:meeting"
        r"|cert|care|of|the|our|by|and (?:care|rode)))|\bon board (?:w/|with|and) collar"
        r"|\bvac(?:uum)? (?:matt?ress"
        r"|board|splint board)\b",
    ),
    _shape(
        "spinal_motion_restriction", "not_performed",
        r"\b(?:board|collar) (?:un(?:needed|necessary)|no because|not (?:ordered|needed"
        r"|indicated|required|used)|def+er+ed|withheld)\b|\bspine (?:clear(?:ed)?|n/a)\b"
        r"|\bno (?:collar|board|c collar)\b",
    ),
    _shape(
        "splinting", None,
        r"\bair ?cast\b|\babductor wedge\b|\bin (?:a |his |her )?(?:hard )?cast\b"
        r"|\bankle cast\b|\bbuddy taped\b|\bpillows?,? (?:and |/|, ?)?(?:blankets?|sheets?"
        r"|rolls?)(?: rolled)? (?:round|around|splint\w*)"
        r"|\bpillow splint\w*",
    ),
    _shape(
        "physical_restraint", "not_performed",
        rf"\bno (?:\w+ )?(?:restraints?|restrain)\b(?: (?:needed|used|required))?"
        rf"|\brestraints?(?: used)?(?: (?:were |was )?{_NOT}|{_ANSWER_NO})|\bwould(?:'ve"
        rf"| have)? (?:required?|needed?)? ?restrain\w*|\b(?:mitts|restraints?"
        rf"|cuffs?) (?:off|removed)\b",
    ),
    _shape(
        "physical_restraint", None,
        r"\b(?:soft|wrist|ankle|limb|4 ?pt|2 ?pt|four point) (?:soft |wrist "
        r"|limb )?restrain(?:s|t|ed)?\b|\b(?:pd|police|deput\w+|officers?) cuffs?\b"
        r"|\bcuffed (?:him|her|pt)\b|\b(?:and|already|was) cuffed\b",
    ),
    # other
    _shape(
        "patient_warming", None,
        r"\bblankets?(?= (?:x ?\d|given|applied|on|placed|to prevent|for)\b| ?[.,;]| ?/"
        r"|, heat)|\b(?:under|covered (?:with|in|w/)(?: a| two| 2)?|with(?: a| extra)?|w/"
        r"|in(?: a)?) (?:\w+ )?blankets?\b(?! (?:lift|pull|drag|carry|slide|splint|between"
        r"|under))|\b(?:hand|foot|fluid|blanket/fluid|blanket) warmers?\b"
        r"|\bwet clothes? (?:cut|off|removed|taken)|(?:(?<=[.;,!?] )|^)dried(?= ?[,.]| and)",
    ),
    _shape(
        "patient_cooling", None,
        r"\bice (?:in|bath|tarp|water|packs? (?:in|to) (?:the )?(?:armpits?|groin|axilla\w*"
        r"|neck))[^.;]{0,20}",
    ),
    _shape(
        "childbirth_delivery", None,
        r"\bcaught (?:the baby|the rest|him|her baby|baby)\b|\b(?:baby (?:girl|boy)|newborn"
        r"|infant|baby) (?:was )?(?:delivered|born)\b|\bborn (?:at |approx "
        r"|about )?\d{3,4}\b|\bbirth(?:ed)? (?:in|at|by) ",
    ),
    _shape(
        "childbirth_delivery", "not_performed",
        r"\b(?:birth|ob|deliv\w*) (?:kit|pack)[^.;]{0,14}\b(?:not (?:used|opened|needed)"
        r"|unused|sealed|standby|unopened|not)\b|\bno (?:delivery|birth)\b"
        r"|\bdelivery (?:was |is )?not (?:imminent|expected)\b"
        r"|\bdid not deliver\b",
    ),
    _shape(
        "cpr", None,
        r"\b(?:made |doing |gave )?massage of (?:the )?heart\b|\bheart massage\b|\bchest massage\b",
    ),
    _shape(
        "cpr", "not_performed",
        r"\bno resuscitation (?:started|attempted|efforts)|\bnot start(?:ed)? (?:massage|cpr"
        r"|compressions)|\bcpr ?[?:] ?(?:no|n)\b",
    ),
)  # fmt: skip


def read_shapes(document: Document) -> Iterator[tuple[Hit, InterventionStatus | None]]:
    """Each shape with the status that it tells, if it tells one.

    A shape without a status is left out where a name of its own kind stands already.
    """
    for entry, status, pattern in _SHAPES:
        for match in document.find(pattern):
            start, end = match.span()
            if start == end:
                continue
            if status is None and any(
                hit.entry.id == entry.id
                and hit.start < end
                and start < hit.end
                and not hit.entry.info.weak
                for hit in document.treatments_between(start - 30, end)
            ):
                continue
            yield Hit(start, end, entry), status
