"""How figures are written, in English and French, by the rules of the pages, and the few words that carry a meaning."""
import datetime
import math

import babel

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
        "verdict": {"values": "drifted", "coverage": "known share changed", "new_values": "new values", "ok": "stable", "small": "moved, too little to matter",
                    "unknown": "not comparable", "overnight": "changed overnight", "nothing": "nothing"},
        "to": " to ",
        "action": {"keep": "Keep the model", "retrain": "Retrain", "fix_data": "Fix the data"},
        "group": {"unscored": "no grade", "new": "new", "gone": "gone"},
        "pillar": {"firmographic": "firmographic", "technographic": "technographic", "intent": "intent"},
        "step": {s: s for s in ("listed", "valid domain", "deduplicated", "found in the base", "with features")},
        "exclude": "left out", "customer": "customer",
        "learner": {"logistic": "logistic regression", "blend": "a points table and trees together", "scorecard": "boosted scorecard"},
        "fresh": "fresh", "learned": "learned", "below": "below {}", "other segment": "other", "mixed": "mixed", "flag": ": ", "like": "Like our customers {}.", "and": "and", "from": "{} and more", "stretch": "{} to below {}",
        "names": {"employees": "employees", "annual_revenue": "annual revenue", "founded": "year founded", "crm_in_use": "CRM in use", "web_visits_90d": "web visits in 90 days"},
        "broken": {"retrain": "broken: retrain", "fix_data": "broken: fix the data"}, "kept": "kept", "unchecked": "cannot be checked", "day": ("day", "days"),
        "wanted": {"graded": "at least one", "coverage": "at least {}", "unscored": "at most {}", "overnight": "at most {}", "drift": "at most {}", "age": "at most {}", "wins": "about {} or more"},
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
        "verdict": {"values": "a dérivé", "coverage": "part connue changée", "new_values": "valeurs nouvelles", "ok": "stable", "small": "a bougé, trop peu pour compter",
                    "unknown": "non comparable", "overnight": "changé en une nuit", "nothing": "rien"},
        "to": " à ",
        "action": {"keep": "Garder le modèle", "retrain": "Réentraîner", "fix_data": "Corriger les données"},
        "group": {"unscored": "sans note", "new": "nouveau", "gone": "disparu"},
        "pillar": {"firmographic": "firmographique", "technographic": "technographique", "intent": "intention"},
        "step": {"listed": "listés", "valid domain": "domaine valide", "deduplicated": "dédoublonnés", "found in the base": "trouvés dans la base", "with features": "avec des critères"},
        "exclude": "exclu", "customer": "client",
        "learner": {"logistic": "régression logistique", "blend": "une grille de points et des arbres ensemble", "scorecard": "grille apprise par boosting"},
        "fresh": "récent", "learned": "appris", "below": "moins de {}", "other segment": "autres", "mixed": "mélangé", "flag": ": ", "like": "Comme nos clients {}.", "and": "et", "from": "{} et plus", "stretch": "de {} à moins de {}",
        "names": {
            "industry": "secteur", "employees": "effectif", "annual_revenue": "chiffre d’affaires", "country": "pays", "founded": "année de création", "technologies": "technologies",
            "crm_in_use": "CRM utilisé", "funding_stage": "stade de financement", "hiring": "recrutement en cours", "last_funding_date": "dernière levée de fonds",
            "web_visits_90d": "visites du site en 90 jours", "pricing_page_visits": "visites de la page des tarifs",
        },
        "broken": {"retrain": "rompue\u00a0: réentraîner", "fix_data": "rompue\u00a0: corriger les données"}, "kept": "tenue", "unchecked": "ne peut pas être vérifiée", "day": ("jour", "jours"),
        "wanted": {"graded": "au moins un", "coverage": "au moins {}", "unscored": "au plus {}", "overnight": "au plus {}", "drift": "au plus {}", "age": "au plus {}", "wins": "environ {} ou plus"},
    },
}


def round_half_up(v):
    return math.floor(abs(v) + 0.5) * (1 if v >= 0 else -1)


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
        return f"{'1er' if d.day == 1 and self.lang == 'fr' else d.day} {MONTHS[self.lang][d.month - 1]} {d.year}"

    def short(self, v, parser=""):
        """An edge with as many digits as people read."""
        if parser == "brief" and abs(v) >= 1e4:
            return self.axis(v)
        if parser == "year":
            return f"{math.floor(v):.0f}"
        if abs(v) >= 1e15 or 0 < abs(v) < 1e-4:
            return f"{v:.3g}".replace(".", self.decimal)
        if abs(v) >= 1000 or v == math.trunc(v):
            return self.num(v)
        return self.num(v, len(f"{v:.4g}".partition(".")[2]))

    def whole(self, share):
        return "<" + self.num(1) + self.percent_sign if 0 < share < 0.005 else self.num(100 * share) + self.percent_sign

    def days(self, n):
        one = n == 1 or n == 0 and self.lang == "fr"
        return f"{self.num(n)} {self.word['day'][0 if one else 1]}"

    def name(self, feature):
        """A feature in words, and with a capital."""
        return self.word["names"].get(feature, feature.replace("_", " "))

    def title(self, feature):
        name = self.name(feature)
        return name[:1].upper() + name[1:]

    def country(self, code):
        return babel.Locale(self.lang).territories.get(code, code)

    def about(self, term, first, last, parser):
        """The slots of a number as people say them: 49 to 412, 1.4M to 20M."""
        if term["kind"] != "number" or parser == "year":
            return self.slots(term, first, last, parser)
        scale = lambda v: 10 ** max(0, math.floor(math.log10(abs(v))) - 2) if abs(v) >= 10 else None
        edges = [v if scale(v) is None else round_half_up(v / scale(v)) * scale(v) for v in term.get("edges", [])]
        return self.stretch({"kind": "number", "edges": edges}, first, last, "brief")

    def axis(self, v):
        for size, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
            if abs(v) >= 10 * size or abs(v) >= size and size > 1e3:
                return f"{v / size:.3g}".replace(".", self.decimal).replace("-", "−") + sign
        return self.short(v)

    def stretch(self, term, first, last, parser):
        """The numbers or days of the slots from first to last."""
        edges = term.get("edges", [])
        low, high = first - 1, last
        write = lambda i: self.short(edges[i], parser)
        if low == 0 and high > len(edges):
            text = self.word["any"]
        elif low == 0:
            text = self.word["up_to"].format(write(high - 1))
        elif high > len(edges):
            text = self.word["over"].format(write(low - 1))
        elif parser == "year" and math.floor(edges[low - 1]) + 1 >= math.floor(edges[high - 1]):
            text = write(high - 1)
        elif parser == "year":
            text = self.word["between"].format(self.short(math.floor(edges[low - 1]) + 1, parser), write(high - 1))
        else:
            text = self.word["between"].format(write(low - 1), write(high - 1))
        return text + (self.word["days"] if term["kind"] == "date" and edges else "")

    def slots(self, term, first, last, parser=""):
        """The name of a bin, or of neighbouring bins of a number or date."""
        if first == 0:
            return self.word["unknown"]
        kind, labels = term["kind"], term.get("labels", [])
        if kind == "flag":
            return self.word["no" if first == 1 else "yes"]
        if kind in ("set", "words"):
            return self.word["known"] if first == 1 else labels[first - 2]
        if kind == "category":
            if first > len(labels):
                return self.word["other"]
            return self.country(labels[first - 1]) if parser == "country" else labels[first - 1]
        return self.stretch(term, first, last, parser)

    def value(self, kind, text):
        """A value of a grade table's reasons."""
        if text == "unknown" or text == "none" and kind in ("set", "words") or kind == "flag" and text in ("yes", "no"):
            return self.word[text]
        if kind == "number":
            return text.replace(",", "\0").replace(".", self.decimal).replace("\0", self.thousand)
        return " ".join(text.split())
