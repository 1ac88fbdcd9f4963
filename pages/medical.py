"""The medical page: a photo and a record in, an explained answer out."""

from pages.shared import batch, guard, models, sources, view, workbench

TITLE = "Medical"
ICON = ":material/stethoscope:"
ORDER = 10
DOMAIN = "medical"
SUMMARY = "A photo of a skin lesion and its clinical record: which of six diagnoses, how sure, and why."

guard.require_app()
model = models.choose(DOMAIN)
case = sources.show(DOMAIN, model.spec, model.folder)
if sources.many(DOMAIN):
    batch.show(DOMAIN, model)
elif case is not None and (built := view.build(model, case)) is not None:
    workbench.show(built)
