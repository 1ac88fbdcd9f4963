"""Spellings compared without case, accents or width, and what means "yes", "no" and "not known" in any record."""

from __future__ import annotations

import re
import unicodedata

# The accents of Latin, Greek and Cyrillic. Marks of other scripts (は and ば, Indic vowels) make another letter and stay.
_ACCENTS = re.compile("[\u0300-\u036f]")
_SEPARATORS = re.compile(r"[\s_\-\u2010-\u2015]+")
_NOTHING = re.compile(r"[\s\-\u2010-\u2015\u2212.?_]*")

# All folded already.
MISSING = frozenset(
    {
        *("na", "n/a", "#n/a", "n.a.", "n. a.", "nan", "<na>", "nat", "none", "null", "nil", "undefined", "void"),
        *("unk", "unknown", "unk.", "not known", "not available", "not applicable", "not given", "not reported", "not recorded"),
        *("not specified", "unspecified", "not stated", "missing", "no data", "no answer", "don't know", "empty"),
        *("unbekannt", "keine angabe", "k.a.", "k. a.", "fehlt", "desconocido", "desconocida", "no sabe", "sin dato", "sin datos", "s/d"),
        *("desconhecido", "desconhecida", "nao sabe", "nao informado", "inconnu", "inconnue", "non connu", "sconosciuto", "onbekend"),
        *("nieznane", "неизвестно", "bilinmiyor", "不明", "未知", "不详", "不詳", "わからない", "알 수 없음", "غير معروف"),
    }
)
YES = frozenset(
    {
        *("true", "t", "yes", "y", "1", "1.0", "present", "ja", "j", "si", "s", "sim", "oui", "vrai", "wahr", "verdadero", "verdadeiro"),
        *("vero", "tak", "ano", "da", "да", "evet", "kylla", "igen", "\u03bd\u03b1\u03b9", "是", "有", "真", "はい", "あり", "有り"),
        *("예", "네", "نعم", "हाँ", "हां"),
    }
)
NO = frozenset(
    {
        *("false", "f", "no", "n", "0", "0.0", "absent", "nein", "nao", "non", "nee", "nej", "nei", "nie", "ne", "faux", "falsch", "falso"),
        *("нет", "hay\u0131r", "hayir", "ei", "nem", "\u03bf\u03c7\u03b9", "否", "无", "無", "假", "いいえ", "なし", "無し"),
        *("아니오", "아니요", "لا", "नहीं"),
    }
)


def fold(text: str) -> str:
    """``text`` in NFKC, without case, accents, invisible characters or surplus spaces."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain))
    return " ".join("".join(c for c in unicodedata.normalize("NFKC", bare) if unicodedata.category(c) != "Cf").split())


def loose(text: str) -> str:
    """`fold`, with underscores, hyphens and spaces taken as the same: for names and categories."""
    return _SEPARATORS.sub(" ", fold(text)).strip()


def means_missing(text: str) -> bool:
    """True where ``text`` is blank, only dashes, dots or question marks, or a universal spelling of "not known"."""
    folded = fold(text)
    return bool(_NOTHING.fullmatch(folded)) or folded in MISSING
