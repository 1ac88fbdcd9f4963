"""The medical page: a photo and a record in, an explained answer out."""

from pages.shared import batch, chosen, first_look, guard, models, sources, view, workbench

TITLE = "Medical"
ICON = ":material/stethoscope:"
ORDER = 10
DOMAIN = "medical"
SUMMARY = "A photo of a skin lesion with its record, or a chest X-ray with record and note: which diagnosis, how sure, and why."

guard.require_app()
model = models.choose(DOMAIN)
chosen.keep_to(DOMAIN, model.spec.name)
case = sources.show(DOMAIN, model.spec, model.folder)
if sources.many(DOMAIN):
    batch.show(DOMAIN, model)
elif case is not None:
    early = first_look.show(model, case)
    if (built := view.build(model, case)) is not None:
        early.empty()
        workbench.show(built)
