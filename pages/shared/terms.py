"""Every term the pages use, in plain words: what its hover says."""

from __future__ import annotations

PROBABILITY = (
    "The model's probability for each class, calibrated: of many cases given 70 %, about 70 in 100 turned out to be that class "
    "on patients the model had not seen."
)
PREDICTION_SET = (
    "The classes that cannot be ruled out at the chosen level. Over many cases the true class is in the set as often as the level says. "
    "A full dot marks a class in the set, a ring one outside."
)
LEVEL = (
    "How often the true class should be in the set, in the long run. A higher level makes the set safer and wider; "
    "a lower level makes it narrower and wrong more often."
)
ABSTAIN = (
    "The model does not commit itself: the set is too wide to help, the inputs contradict each other, or the input is unlike "
    "anything it was trained on. The probabilities are still shown, for those who want to look."
)
GROUP = "The probability that it is any of these classes: {names}."
TARGET = "Everything on this page explains the probability of this class. Pick another one to ask why it is, or is not, likely."
OVERLAY_HOW = (
    "Each part of the picture was blurred in turn and the picture read again. Blue parts speak for the class: without them its "
    "probability falls. Amber parts speak against it."
)
OVERLAY = f"{OVERLAY_HOW} Drag on the picture to zoom, double-click to go back."
VIEWER = (
    "The numbers of the file are sent to your browser once and windowed there; the model reads the picture under the file's first window. "
    "Letters at the edges say which way the patient lies (L left, R right, H head, F feet, A front, P back). "
    "The button with the question mark lists the keys."
)
SERIES = "The pictures of a study, grouped and sorted as its files say. The one chosen here is analysed."
TAGS = (
    "Names, numbers, dates, places, free texts, private tags and whatever else is not known to be harmless. "
    "They are shown on this page only and never logged."
)
PRIOR = (
    "The prior and the current study, both read by the same model. The change of the probability is exactly the sum of the changes "
    "of the shares, since both start from the same."
)
CHANGED_WHERE = (
    "The evidence of each part of the picture now, less that of the part at the same place before. The two pictures are not fitted "
    "onto each other; how far they are moved is measured and told, a turn or another size is not."
)
OPACITY = "How strongly the evidence covers the picture. At 0 only the picture is left."
POINTS = "pts are percentage points: from 50 % to 61 % is +11 pts."
SHARES = (
    "How the answer came about: from what was known before looking (how common the class was in training), over what each input adds "
    "or takes away, to the probability. Each share is a Shapley value: the average effect of adding that input, over every order "
    "of adding them, so the steps always add up exactly."
)
INTERACTION = (
    "What the inputs say together beyond the sum of what each says alone. Above zero they reinforce each other; "
    "below zero they partly say the same thing, or cancel out."
)
PUSH = (
    "What the class would lose if this field alone were not known. To the right it speaks for the class, to the left against it. " + POINTS
)
REMOVE = "Switch off to see what the model would say without this input. Nothing is lost: switch it on again."
EDIT = "Change a field and everything follows at once. The original stays for comparison."
REASONS = "Each sentence is put together from numbers measured on this case; nothing is free text from a language model."
CHANGES = "What the probability would be if one thing were different. A flag marks what would change the most probable class."
GRADE = "How strong the evidence behind this model is. {help}"
GENERATED = "Made by a program, but for what is said to be real. It shows no real person, and being right on it proves nothing."
NOTE = (
    "Each word, or a few neighbours in a long note, was taken out and the rest read anew: the colour says how much probability that cost. "
    "Words that name diseases, germs, drugs, tests and places are hidden from the model, for they would give the answer away; names of "
    "people too, for they must not count."
)
RECOGNISED = (
    "Read from the words by rules, with negation. Nothing of it counts before you accept it, "
    "and the record is never overwritten silently."
)
REAL = "A real case from patients the model was not trained on. The data's own licence applies."
IN_MEMORY = "This case is held in the memory of your visit. It is stored nowhere, has no link, and goes when the page is loaded anew."
VERSION = "The fingerprint of weights and settings. The same fingerprint and the same inputs give the same numbers."
AUROC = (
    "How well the classes are told apart, averaged over each class against the rest: 0.5 is guessing, 1 is perfect. "
    "The lines are 95 % intervals."
)
METRICS = {
    "auroc": AUROC,
    "balanced_accuracy": "The share of cases named right, averaged over the classes, so that a rare class counts as much as a common one.",
    "malignant_auroc": "How well cancers are told from everything else: 0.5 is guessing, 1 is perfect.",
    "recall@20": "Of what a shopper bought on the day, the share that was among the twenty products shown to them.",
    "strict_recall@20": "Recall@20 without garments of which the shopper already had another colour: the harder, more useful guess.",
    "ndcg@20": "Like Recall@20, but a product high on the shelf counts more than one low on it. 1 is perfect.",
    "diversity@20": "How unlike each other the shown products are by their words: 0 all alike, 1 nothing in common.",
    "catalogue_coverage@20": "The share of all products that at least one shopper is shown.",
    "novelty@20": "How little known the shown products are, in bits: one bit more is half as many purchases.",
    "ece": "Expected calibration error: how far stated probabilities are from how often they come true, on average. 0 is perfect.",
    "coverage": "How often the true class was in the prediction set. It should be the level, 90 %.",
    "set_size": "How many classes a prediction set holds on average. Fewer is more useful.",
}
ONE_SEED = (
    "Rows marked “one seed” were trained once, the others several times and averaged. One training can be a lucky one, so a small lead of "
    "such a row may be chance."
)
RELIABILITY = (
    "Points on the dashed line: what the model calls 70 % comes true 70 times in 100. Below the line it is too sure of itself, above "
    "it too modest. A larger dot stands for more cases."
)
FILM_COST = (
    "From opening the file to the whole result: everything that is seen, heard, said and written. Memory is the most that the process "
    "held, all networks included."
)
DEVICE = "Where the models are computed on this machine. Nothing is sent anywhere."
TAKE_AWAY = (
    "Every report carries the notice, the evidence grade, the licence and the fingerprints of model and inputs. Where a file cannot be "
    "made, its button says so, and the reason stands below the buttons once anything in this part is touched."
)
DEIDENTIFY = (
    "Takes out what says whose the case is: tags of DICOM files by the basic profile of the standard (PS3.15), names, numbers and dates in "
    "the note and the findings, writing in the pixels. What is still found afterwards is not handed out."
)
FINDINGS = (
    "Sentences from measured evidence, each with its number. Change them as you like: your text goes into the reports, marked as a draft. "
    "It counts once you click outside the field."
)
TAKEN_OUT = "Tags and kinds of what is taken out, and what a second search of the result found. Never the values."
NAMELESS = "Files and cases are often called after people: the downloads have the number of the row instead, in the order given."
GLOSSARY = {
    "AUROC": AUROC.removesuffix(" The lines are 95 % intervals."),
    "balanced accuracy": METRICS["balanced_accuracy"],
    "ECE|calibration error": METRICS["ece"],
    "calibrated|calibration": "Probabilities are adjusted on held-out cases until they come true as often as they say.",
    "calibration temperature|temperature, sets": "The number that calibration adjusts: it makes all probabilities bolder or more modest.",
    "coverage": "Of prediction sets: how often the true class was in the set. Of a shelf: the share of all products that anybody is shown.",
    "set size": METRICS["set_size"],
    "conformal|cross-conformal": "The method behind prediction sets: their size is set by how wrong the model was on held-out cases.",
    "abstain|abstention": "The model does not commit itself and says “not sure”.",
    "confounded": "Something else that goes with the answer, as where a picture comes from, can stand in for it in the data.",
    "fold|cross-validation": "The data is cut into parts (folds); each is foretold by a model that was trained on the others.",
    "seed": "The number that training's random choices start from. Figures of several seeds are means; one seed alone may be a lucky one.",
    "95 % interval|interval|bootstrap|95 %": "Drawing the cases anew again and again, 95 in 100 of the figures lie in it.",
    "fusion": "How the inputs are brought together to one answer.",
    "weighted inputs|weighted": "Each input is read on its own; how much each counts is learned, and anew for each case.",
    "inputs joined end to end|concat": "The numbers of all inputs in one row, read by one network.",
    "attention across inputs|attention": "A network in which each piece of an input looks at the pieces of all others.",
    "graph of inputs|graph": "A network whose nodes are pieces of the inputs; along lines that are learned each passes on what it holds.",
    "plain sum": "What the inputs say, added up, without asking which of them is reliable.",
    "sources held out": "Measured on cases from sources of pictures of which none was in training: what holds elsewhere.",
    "source alone": "How well the answer can be guessed from where a picture comes from, without looking at it.",
    "environment": "Noise from recordings of the world around, such as rain or engines, instead of white noise.",
    "late fusion|late,": "Each input is read on its own, and the answers are multiplied.",
    "nested": "Everything that is fitted to held-out cases was fitted inside the training part alone: the strictest figure.",
    "encoder": "The network that turns a picture, text or record into numbers.",
    "encoder frozen|frozen encoder|frozen unless|frozen,": "The encoder stays as it was; only what follows it was trained here.",
    "encoder tuned": "The encoder's last layers were trained further on this data.",
    "token": "A piece of an input, as a part of the picture, a field or a word, turned into numbers.",
    "linear|logistic regression": "The plainest model: a weighted sum of the numbers of an input.",
    "boosting|boosted trees": "Many small decision trees, each of which mends what those before it got wrong.",
    "macro": "The mean over the classes, each counting alike.",
    "log loss": "How improbable the model held what turned out to be true; lower is better.",
    "deletion": "What is left of the probability when the strongest evidence is taken away first. A steep fall: it is what the model uses.",
    "insertion": "How fast the probability comes back when the strongest evidence is given back first.",
    "precision": "Of the cases called so, the share that is so.",
    "recall": "Of the cases that are so, the share that is called so.",
    "F1": "Precision and recall in one number (their harmonic mean).",
    "Recall@20": METRICS["recall@20"],
    "STRICT": METRICS["strict_recall@20"],
    "NDCG@20": METRICS["ndcg@20"],
    "diversity": METRICS["diversity@20"],
    "novelty|bits": METRICS["novelty@20"],
    "tower": "One of two networks: it turns a product, or a shopper's past, into numbers whose product says how well they fit.",
    "ALS": "Alternating least squares (package implicit): shoppers and products as few numbers, fitted to who bought what.",
    "EASE": "A linear model of which products are bought together (Steck 2019): simple, and hard to beat.",
    "item-kNN": "Suggests the products that are most often bought by the same people.",
    "BPR": "Bayesian personalised ranking: shoppers and products as few numbers, fitted to rank what was bought first.",
    "VBPR": "BPR that also sees the products' pictures.",
    "popularity by recency": "Shows everybody what sold most lately.",
    "image only|text only": "Plain baselines: the products most like those bought, by picture or by words, with nothing learned.",
    "weighted sum of standardised scores": "The plain baselines added up, each on the same scale, with weights tuned on the day before.",
    "TF-IDF": "Words counted, rare ones more.",
    "ConSE": "Names what is seen by the meaning of the names of the kinds that the network knows (Norouzi et al. 2014).",
    "dB": "Loudness of the voice against the noise: at 0 dB they are alike, at −10 dB the noise is ten times as strong.",
    "log-mel": "How strong each pitch is over time: the usual picture of a sound.",
}
"""Term, and other forms of it after |, -> what it means. Forms in small letters stand in any case; every form with an s or without."""
