# %% [markdown]
# # A function of your own
#
# Whatever answers with a number can be explained: an object with a method `margins(texts)`, log-odds of the positive
# class, or `probabilities(texts)`. Here it is a list of words with points; it could be a call of any library.

# %%
import sitegen

POINTS = {"measured": 1.5, "model": 1.0, "data": 1.0, "interview": -1.0, "story": -1.5, "felt": -1.0}


def points_of(text):
    return sum(points for word, points in POINTS.items() if word in text.lower())


# %% [markdown]
# Each text is {"title": ..., "abstract": ...}. The title counts twice here, so the two fields are told apart. What the
# methods page should say of the model is in `facts`; `fingerprint` is a string that changes with it, so that its scores
# can be kept between runs.


# %%
class Points:
    fingerprint = repr(sorted(POINTS.items()))

    def margins(self, texts):
        return [2 * points_of(text["title"]) + points_of(text["abstract"]) for text in texts]

    def facts(self):
        return {"Kind": "a list of words with points", "Size": f"{len(POINTS)} words"}


# %%
records = [
    {"title": "A model of queues", "abstract": "We measured how long people wait. The data fit the model."},
    {"title": "Waiting as a story", "abstract": "Each interview tells a story. People said how they felt."},
    {"title": "Two ways to wait", "abstract": "We measured queues. In an interview people said how they felt."},
]
model = sitegen.load_model(Points(), classes=("told", "measured"))
for record in records:
    print(sitegen.explain(model, record["title"], record["abstract"]))

# %%
report = sitegen.build(records, model, "site", name="Points", site_title="Measured or told?")
print(f"{report.totals.papers} records in {report.folder}")
