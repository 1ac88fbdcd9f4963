"""The retail page: a shopper in, a ranked shelf with reasons out."""

from pages.shared import guard, models
from pages.shared.retail import page

TITLE = "Retail"
ICON = ":material/storefront:"
ORDER = 20
DOMAIN = "retail"
SUMMARY = "A shopper's past, a wish, a review or a photo: a ranked shelf, and why each product is on it."

guard.require_app()
page.show(models.choose(DOMAIN))
