"""How hard a text is to read: Flesch-Kincaid's school grade for English, INFLESZ (Szigriszt-Pazos) for Spanish.

Kincaid and others, Derivation of new readability formulas for Navy enlisted personnel, 1975. Barrio-Cantalejo and others, Validación
de la Escala INFLESZ, 2008: 40 to 55 is rather hard, 55 to 65 normal (newspapers), above it easy. Syllables are counted by rule.
"""

import re

PLACE = re.compile(r"%\(\w+\)s|%%|\{\w+\}")
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*|\$?\d[\d,./:]*")
END = re.compile(r"[.!?:](?=\s|$|”|»)|\n+")


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence; a number or a place for one counts as a short word."""
    plain = PLACE.sub("7", re.sub(r"(\d),(\d)", r"\1\2", text))
    found = [WORD.findall(part) for part in END.split(plain)]
    return [words for words in found if words]


def english_syllables(word: str) -> int:
    """Groups of vowels, a silent e and the endings -ed and -es left out; 1 or more."""
    if not word[0].isalpha():
        return 1
    plain = re.sub(r"[^a-z]", "", word.lower())
    plain = (
        re.sub(
            r"(?<=[^aeiouylsczxgh])es$|(?<=[^aeiouyltd])ed$|(?<=[^aeiouy])(?<!l)e$|(?<=[aeiouy]l)e$|(?<=[aeiouy][^aeiouy])ely$",
            "",
            plain,
        )
        or plain
    )
    groups = re.findall(r"[aeiouy]+", plain)
    apart = re.findall(r"^coi|i[ao](?!u)|[^q]ua|creat|area|eou?$|i[ou]n[st]?$", plain)
    together = re.findall(r"[tscg]i[ao]|business", plain)
    hiatus = len(apart) - len(together)
    return max(1, len(groups) + hiatus)


def spanish_syllables(word: str) -> int:
    """Nuclei: a strong vowel each, a weak one beside it belongs to it unless it is written with an accent."""
    if not word[0].isalpha():
        return 1
    plain = re.sub(r"[qg]u(?=[eiéí])", "k", word.lower())
    plain = re.sub(r"y$", "i", plain)
    nuclei = re.findall(r"[iuü]?[aeoáéó][iuü]?(?![aeoáéó])|[iuü]?[aeoáéó]|[íú]|[iuü]+", plain)
    return max(1, len(nuclei))


def grade(text: str) -> float:
    """The school grade of the United States an English text asks for."""
    split = sentences(text)
    words = [word for sentence in split for word in sentence]
    return 0.39 * len(words) / len(split) + 11.8 * sum(map(english_syllables, words)) / len(words) - 15.59


def inflesz(text: str) -> float:
    """How easy a Spanish text is, from 0 to about 100."""
    split = sentences(text)
    words = [word for sentence in split for word in sentence]
    return 206.835 - 62.3 * sum(map(spanish_syllables, words)) / len(words) - len(words) / len(split)
