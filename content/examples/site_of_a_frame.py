# %% [markdown]
# # A site of a DataFrame
#
# Records in a DataFrame and a fitted pipeline become a site, without a site.toml. A polars frame goes as well as one of
# pandas.

# %%
import pandas
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

import sitegen

# %%
papers = pandas.DataFrame(
    [
        ("t1", "Night trains return", "Sleeping cars run again. Passengers like to arrive at dawn.", "rail", 2019),
        ("t2", "A station is rebuilt", "The platforms were too short. Longer trains can stop there now.", "rail", 2021),
        ("t3", "Delays on one track", "A single track delays every train. A second one is planned.", "rail", None),
        ("t4", "Tickets on the phone", "Passengers buy tickets on the train. Conductors welcome it.", "rail", 2022),
        ("b1", "Lanes for bicycles", "The city painted lanes. Riders feel safer on wide ones.", "bicycle", 2020),
        ("b2", "Cargo by bicycle", "Couriers ride with cargo. Hills are no trouble with a motor.", "bicycle", 2021),
        ("b3", "Helmets and habits", "Half of all riders wear a helmet. Habits change slowly.", "bicycle", None),
        ("b4", "Where to park it", "Riders look for racks. The city counts too few of them.", "bicycle", 2018),
        ("x1", "Bicycles on trains", "Riders take bicycles on the train. Passengers want more room.", None, 2023),
    ],
    columns=["key", "title", "abstract", "about", "year"],
)

# %% [markdown]
# The pipeline learns from all but the last two of each class. It is given title and abstract as one string, with a
# blank between, and so it is asked.

# %%
learned = papers[papers.key.isin(["t1", "t2", "b1", "b2"])]
pipeline = make_pipeline(TfidfVectorizer(), LogisticRegression(C=10))
pipeline.fit(learned.title + " " + learned.abstract, learned.about)

# %% [markdown]
# Columns have the names that `read_records` has for them. What is left over is shown with each paper: the year is
# written 2019, although the gaps have made pandas keep it as 2019.0.
#
# `settings` takes whatever site.toml could say.

# %%
report = sitegen.build(
    papers,
    pipeline,
    "site",
    id="key",
    label="about",
    classes=("bicycle", "rail"),
    name="Rail or bicycle",
    site_title="Rail or bicycle?",
    settings={"authors": ["You"], "records": {"policy": {"duplicate_text": "error"}}},
)
print(f"{report.files} files; open {report.folder / 'index.html'}")
