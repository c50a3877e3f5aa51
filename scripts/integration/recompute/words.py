"""How figures are written, in English and French, by the rules of the pages, and the few words that carry a meaning."""
import datetime
import math

MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
}
WORDS = {
    "en": {
        "unknown": "unknown", "none": "none", "yes": "yes", "no": "no", "known": "known", "other": "any other", "any": "any", "dash": "–",
        "days": " days ago", "up_to": "up to {}", "over": "over {}", "between": "{} to {}", "more": "{} and {} more", "colon": ": ",
        "others": "the other {} together {}", "another": "{} other {}",
        "cause": {
            "new": "new account, or graded for the first time", "gone": "no longer in the base", "override": "override by hand", "expiry": "an override expired",
            "model": "another model", "cut": "the cuts moved", "data": "the account's data changed",
        },
        "status": {
            "in_force": "in force", "excluded": "left out", "expired": "expired", "without_effect": "without effect: the account cannot be graded",
            "unknown": "no account of the base: correct the domain, or delete the line",
        },
        "verdict": {"alarm": "drifted", "ok": "stable", "unknown": "not comparable", "items": "see the shift", "nothing": "nothing"},
        "action": {"keep": "Keep the model", "retrain": "Retrain", "fix_data": "Fix the data"},
        "group": {"unscored": "no grade", "new": "new", "gone": "gone"},
        "pillar": {"firmographic": "firmographic", "technographic": "technographic", "intent": "intent"},
        "step": {s: s for s in ("listed", "valid domain", "deduplicated", "found in the base", "with features")},
        "exclude": "left out", "customer": "customer",
        "learner": {"logistic": "logistic regression", "blend": "blend", "scorecard": "boosted scorecard"},
        "fresh": "fresh", "learned": "learned",
    },
    "fr": {
        "unknown": "inconnu", "none": "aucun", "yes": "oui", "no": "non", "known": "connu", "other": "autre valeur", "any": "toute valeur", "dash": "–",
        "days": " jours", "up_to": "jusqu’à {}", "over": "plus de {}", "between": "{} à {}", "more": "{} et {} de plus", "colon": "\u00a0: ",
        "others": "les {} autres ensemble {}", "another": "{} autre {}",
        "cause": {
            "new": "nouveau compte, ou noté pour la première fois", "gone": "n’est plus dans la base", "override": "correction à la main", "expiry": "une correction a expiré",
            "model": "autre modèle", "cut": "les seuils ont bougé", "data": "les données du compte ont changé",
        },
        "status": {
            "in_force": "en vigueur", "excluded": "exclu", "expired": "expirée", "without_effect": "sans effet : le compte ne peut pas être noté",
            "unknown": "aucun compte de la base : corriger le domaine, ou supprimer la ligne",
        },
        "verdict": {"alarm": "a dérivé", "ok": "stable", "unknown": "pas comparable", "items": "voir l’écart", "nothing": "rien"},
        "action": {"keep": "Garder le modèle", "retrain": "Réentraîner", "fix_data": "Corriger les données"},
        "group": {"unscored": "sans note", "new": "nouveau", "gone": "disparu"},
        "pillar": {"firmographic": "firmographique", "technographic": "technographique", "intent": "intention"},
        "step": {"listed": "listés", "valid domain": "domaine valide", "deduplicated": "dédoublonnés", "found in the base": "trouvés dans la base", "with features": "avec des critères"},
        "exclude": "exclu", "customer": "client",
        "learner": {"logistic": "régression logistique", "blend": "blend", "scorecard": "grille apprise par boosting"},
        "fresh": "récent", "learned": "appris",
    },
}


class Pen:
    """Writes figures in a language."""

    def __init__(self, lang):
        self.lang, self.word = lang, WORDS[lang]
        self.decimal, self.thousand, self.percent_sign = (".", ",", "%") if lang == "en" else (",", "\u202f", "\u00a0%")

    def num(self, v, decimals=0):
        text = f"{abs(v):,.{decimals}f}".replace(",", "\0").replace(".", self.decimal).replace("\0", self.thousand)
        return ("−" if v < 0 and text.strip("0.,\u202f") else "") + text

    def signed(self, v, decimals=1):
        text = self.num(v, decimals)
        return "+" + text if v > 0 and text.strip("0.,\u202f") else text

    def micro(self, m):
        return self.signed(m / 1e6)

    def percent(self, share):
        if 0 < share < 0.0005:
            return "<" + self.num(0.1, 1) + self.percent_sign
        return self.num(100 * share, 1) + self.percent_sign

    def percents(self, i):
        return f"{self.percent(i['value'])} ({self.num(100 * i['low'], 1)}–{self.num(100 * i['high'], 1)})"

    def plain(self, i):
        return f"{self.num(i['value'], 3)} ({self.num(i['low'], 3)}–{self.num(i['high'], 3)})"

    def times(self, i):
        return f"{self.num(i['value'], 1)}× ({self.num(i['low'], 1)}–{self.num(i['high'], 1)})"

    def date(self, iso):
        d = datetime.date.fromisoformat(iso)
        return f"{d.day} {MONTHS[self.lang][d.month - 1]} {d.year}"

    def short(self, v, year=False):
        """An edge with as many digits as people read."""
        if year:
            return f"{math.floor(v):.0f}"
        if abs(v) >= 1e15 or 0 < abs(v) < 1e-4:
            return f"{v:.3g}".replace(".", self.decimal)
        if abs(v) >= 1000 or v == math.trunc(v):
            return self.num(v)
        return self.num(v, len(f"{v:.4g}".partition(".")[2]))

    def stretch(self, term, first, last, year):
        """The numbers or days of the slots from first to last."""
        edges = term.get("edges", [])
        low, high = first - 1, last
        if low == 0 and high > len(edges):
            text = self.word["any"]
        elif low == 0:
            text = self.word["up_to"].format(self.short(edges[high - 1], year))
        elif high > len(edges):
            text = self.word["over"].format(self.short(edges[low - 1], year))
        else:
            text = self.word["between"].format(self.short(edges[low - 1], year), self.short(edges[high - 1], year))
        return text + (self.word["days"] if term["kind"] == "date" and edges else "")

    def slots(self, term, first, last, year=False):
        """The name of a bin, or of neighbouring bins of a number or date."""
        if first == 0:
            return self.word["unknown"]
        kind, labels = term["kind"], term.get("labels", [])
        if kind == "flag":
            return self.word["no" if first == 1 else "yes"]
        if kind in ("set", "words"):
            return self.word["known"] if first == 1 else labels[first - 2]
        if kind == "category":
            return labels[first - 1] if first <= len(labels) else self.word["other"]
        return self.stretch(term, first, last, year)

    def value(self, kind, text):
        """A value of a grade table's reasons."""
        if text == "unknown" or text == "none" and kind in ("set", "words") or kind == "flag" and text in ("yes", "no"):
            return self.word[text]
        if kind == "number":
            return text.replace(",", "\0").replace(".", self.decimal).replace("\0", self.thousand)
        return " ".join(text.split())
