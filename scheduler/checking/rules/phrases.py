"""Words by language that some rules look for, as people of that language write them.

Small on purpose: what stands here is said in that way and means that only. A language that is
not here costs nobody a finding. Each list is checked by tests with texts that look alike.
"""

from collections.abc import Mapping
from functools import cache
from re import IGNORECASE, Pattern, compile, escape  # noqa: A004  a pattern is compiled

OPENINGS: Mapping[str, tuple[str, ...]] = {
    "en": (
        r"(?:(?:an?|the|this)\s+)?(?:image|picture|photo(?:graph)?|graphic|pic)\s+(?:of|show(?:s|ing)|depicting)\b",
        r"(?:image|picture)\s*:",
    ),
    "mk": (r"(?:слика|фотографија|сликичка)\s+(?:на|од|со)\b", r"на\s+(?:сликата|фотографијата)\b"),
    "es": (
        r"(?:(?:una|la|esta)\s+)?(?:imagen|foto|fotografía|gráfico)\s+(?:del?|que\s+muestra|mostrando)\b",
        r"en\s+la\s+(?:imagen|foto)\b",
    ),
    "fr": (
        r"(?:(?:une|la)\s+|l['’])?(?:image|photo|photographie)\s+(?:de|du|des|montrant|qui\s+montre|d['’](?=\w))",
        r"sur\s+(?:l['’]image|la\s+photo)\b",
    ),
    "de": (
        r"(?:(?:ein|das|dieses)\s+)?(?:bild|foto|grafik)\s+(?:von|vom|zeigt)\b",
        r"auf\s+dem\s+(?:bild|foto)\b",
    ),
    "pt": (
        r"(?:(?:uma|a|esta)\s+)?(?:imagem|foto|fotografia)\s+(?:d[eoa]s?|que\s+mostra|mostrando)\b",
        r"na\s+(?:imagem|foto)\b",
    ),
    "ar": (r"(?:هذه\s+)?صورة\s+(?=\w)(?!\w+ية\b)", r"في\s+(?:هذه\s+)?الصورة\b"),
    "ru": (r"(?:изображение|картинка|фотография)\s+(?=\w)", r"на\s+(?:картинке|изображении|фото|фотографии)\b"),
    "sq": (r"(?:foto|fotografi|imazh)\s+[ei]\b",),
}
"""How an alternative text begins that says first what every screen reader has just said."""

SAFE_OPENINGS: Mapping[str, str] = {
    "en": r"(?:(?:an?|the)\s+)?(?:image|picture|photo|photograph|graphic)\s+of\s+",
    "mk": r"(?:слика|фотографија)\s+на\s+",
    "es": r"(?:(?:una|la)\s+)?(?:imagen|foto|fotografía)\s+de\s+",
    "fr": r"(?:une\s+)?(?:image|photo|photographie)\s+(?:de\s+|d['’])",
    "pt": r"(?:uma\s+)?(?:imagem|foto|fotografia)\s+de\s+",
}
"""Those that can be cut off without the rest needing another case or article."""

STUBS = frozenset(
    """
    image|picture|photo|photograph|graphic|img|pic|screenshot|alt|alt text|alternative text|description|untitled
    todo|tbd|n/a|none|null|placeholder|image description|photo description|logo|icon|banner|video|gif
    слика|фотографија|сликичка|опис|нема|алтернативен текст|imagen|foto|fotografía|descripción|texto alternativo
    ninguna|photographie|texte alternatif|aucune|bild|grafik|beschreibung|alternativtext|keine|imagem|fotografia
    descrição|صورة|صوره|وصف|نص بديل|لا يوجد|изображение|картинка|фото|фотография|описание|foto|imazh|pamje
    """.replace("\n", "|")
    .replace("    ", "")
    .split("|")
) - {""}
"""What stands for an alternative text and says nothing, without case."""

LINK_WORDS: Mapping[str, tuple[str, ...]] = {
    "en": ("click here", "tap here", "press here", "click this link", "click the link", "click on this link"),
    "mk": ("кликни тука", "кликнете тука", "кликни овде", "кликнете овде", "притисни тука", "притиснете тука"),
    "es": ("haz clic aquí", "haga clic aquí", "haz click aquí", "pincha aquí", "pinche aquí", "da clic aquí"),
    "fr": ("cliquez ici", "clique ici", "cliquer ici", "cliquez sur ce lien"),
    "de": ("hier klicken", "klick hier", "klicke hier", "klicken sie hier", "klickt hier"),
    "pt": ("clique aqui", "clica aqui", "cliquem aqui"),
    "ar": ("اضغط هنا", "اضغطي هنا", "اضغطوا هنا", "انقر هنا", "انقري هنا", "انقروا هنا"),
    "ru": ("нажмите здесь", "нажми здесь", "кликните здесь", "жми сюда", "жмите сюда", "нажмите сюда"),
    "sq": ("kliko këtu", "klikoni këtu", "shtypni këtu"),
}
"""What says where to press, and nothing of where it leads."""


def spoken(language: str, table: Mapping[str, object]) -> tuple[str, ...]:
    """The languages of `table` that a text tagged with `language` (BCP 47, or nothing) is looked at in."""
    code = language.partition("-")[0].casefold()
    if not code:
        return tuple(table)
    return tuple(dict.fromkeys(one for one in (code, "en") if one in table))


@cache
def opening(code: str) -> Pattern[str]:
    """An alternative text's needless beginning in one language."""
    return compile(rf"\s*(?:{'|'.join(OPENINGS[code])})", IGNORECASE)


@cache
def safe_opening(code: str) -> Pattern[str]:
    """A needless beginning that may simply be cut off; matches nothing where there is none."""
    return compile(SAFE_OPENINGS.get(code, r"(?!)"), IGNORECASE)


@cache
def link_words(code: str) -> Pattern[str]:
    """The phrases of one language that say where to press, as whole words."""
    spelled = (r"\s+".join(map(escape, phrase.split())) for phrase in LINK_WORDS[code])
    return compile(rf"(?<!\w)(?:{'|'.join(spelled)})(?!\w)", IGNORECASE)
