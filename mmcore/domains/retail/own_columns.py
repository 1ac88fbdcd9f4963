"""Which column of a user's table is what: the names that shops give it, in English, German, French, Spanish, Portuguese and Italian."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mmcore.errors import InputError
from mmcore.readers.names import shown
from mmcore.readers.spelling import loose


@dataclass(frozen=True)
class Column:
    """What a column can be.

    Attributes:
        title: for people.
        names: it usually has, the surer first; case, accents, spaces and signs do not count.
        needed: nothing can be read without it.
        expected: nearly every table has it, so that one in which it is not found is worth a look.
    """

    title: str
    names: tuple[str, ...]
    needed: bool = False
    expected: bool = False

    @property
    def label(self) -> str:
        return f"{self.title} (needed)" if self.needed else self.title


def _names(*lines: str) -> tuple[str, ...]:
    return tuple(" ".join(lines).split())


PRODUCTS = {
    "id": Column(
        "Id",
        _names(
            "item_id product_id id sku article_id article item asin ref code ean",
            "artikelnummer artikelnr artnr artikel_id produktnummer produkt_id artikel",
            "référence code_article code_produit id_produit numéro_article identifiant",
            "código código_producto código_artículo id_producto id_artículo referencia artículo",
            "código_produto código_do_produto id_produto artigo",
            "codice codice_articolo codice_prodotto id_prodotto id_articolo riferimento articolo",
        ),
        needed=True,
    ),
    "name": Column(
        "Name",
        _names(
            "prod_name product_name name title product_title product_display_name item_name",
            "bezeichnung artikelbezeichnung produktbezeichnung produktname artikelname titel",
            "nom nom_produit désignation libellé intitulé titre",
            "nombre nombre_producto denominación título nome nome_produto nome_do_produto designação",
            "nome_prodotto denominazione titolo artikel produkt produit producto produto prodotto",
        ),
        expected=True,
    ),
    "kind": Column(
        "Kind",
        _names(
            "product_type_name product_type type category article_type kind class_name subcategory",
            "warengruppe kategorie produktart produkttyp produktgruppe artikelart typ",
            "catégorie type_produit type_de_produit famille categoría tipo tipo_producto familia tipo_produto tipologia famiglia",
        ),
    ),
    "colour": Column(
        "Colour", _names("colour_group_name colour color base_colour colour_name color_name farbe farbton farbname couleur cor colore")
    ),
    "pattern": Column(
        "Pattern",
        _names("graphical_appearance_name pattern print muster design motif druck imprimé estampado estampa padrão fantasia motivo stampa"),
    ),
    "place": Column(
        "Department",
        _names(
            "department_name department section_name section index_name gender collection brand",
            "abteilung bereich marke rayon département marque departamento sección marca seção reparto sezione",
        ),
    ),
    "description": Column(
        "Description",
        _names(
            "detail_desc description desc details product_description text about",
            "beschreibung produktbeschreibung artikelbeschreibung langtext descriptif descripción descrição descrizione",
        ),
    ),
    "price": Column(
        "Price",
        _names(
            "price price_eur price_usd price_gbp amount cost sale_price list_price",
            "preis verkaufspreis vk_preis bruttopreis preis_eur preis_brutto prix prix_ttc tarif precio pvp preço prezzo",
        ),
    ),
    "image": Column(
        "Picture",
        _names(
            "image image_path picture photo img image_file filename file path image_url url",
            "bild bilddatei bildname abbildung foto imagen imagem immagine",
        ),
    ),
    "group": Column(
        "Same garment in other colours",
        _names(
            "product_code group_id parent_id parent_sku style_id model_id style variant_of item_group_id",
            "modellnummer modell hauptartikel modèle modelo modello",
        ),
    ),
}
ORDERS = {
    "user": Column(
        "Shopper",
        _names(
            "user_id customer_id shopper user customer client_id visitor_id client buyer",
            "kundennummer kundennr kunden_id kunde käufer",
            "numéro_client n°_client no_client code_client id_client acheteur",
            "id_cliente número_cliente código_cliente codice_cliente numero_cliente cliente comprador usuario acquirente",
        ),
        needed=True,
    ),
    "item": Column(
        "Product",
        _names(
            "item_id product_id article_id item product sku asin article",
            "artikelnummer artikelnr artnr artikel_id produktnummer produkt_id artikel produkt",
            "référence code_article code_produit id_produit produit",
            "código_producto código_artículo id_producto id_artículo referencia producto artículo",
            "código_produto código_do_produto produto artigo",
            "codice_prodotto codice_articolo id_prodotto id_articolo prodotto articolo id",
        ),
        needed=True,
    ),
    "date": Column(
        "Date",
        _names(
            "date timestamp order_date t_dat time purchased_at created_at day event_time",
            "bestelldatum kaufdatum auftragsdatum bestellt_am datum",
            "date_commande date_de_commande date_achat date_d'achat",
            "fecha_pedido fecha_de_pedido fecha_compra fecha_de_compra fecha",
            "data_pedido data_do_pedido data_compra data_da_compra data_ordine data_acquisto data",
        ),
        expected=True,
    ),
}


def guess_roles(columns: Sequence[str], known: Mapping[str, Column]) -> dict[str, str]:
    """Role -> column, by the names that columns of this role usually have; each column is taken once, the surer names first."""
    by_name = {_bare(column): column for column in reversed(columns)}
    found: dict[str, str] = {}
    for rank in range(max(len(one.names) for one in known.values())):
        for role, one in known.items():
            column = by_name.get(_bare(one.names[rank])) if rank < len(one.names) else None
            if column is not None and role not in found and column not in found.values():
                found[role] = column
    return {role: found[role] for role in known if role in found}


def check_roles(roles: Mapping[str, str], columns: Sequence[str], known: Mapping[str, Column]) -> None:
    """InputError where a needed role has no column, or a role names one that is not there."""
    there = f"Columns: {', '.join(shown(column, 30) for column in columns[:12])}"
    for role, one in known.items():
        if one.needed and not roles.get(role):
            raise InputError(f"no column is the {one.title.lower()}", f"Choose it under “{one.label}”, or call one {one.names[0]}. {there}")
    for role, column in roles.items():
        if column and column not in columns:
            raise InputError(f"the column {shown(column)} for the {known[role].title.lower()} is not there", there)


def _bare(name: str) -> str:
    """Letters and digits alone, folded: "Artikel-Nr." and "artikel_nr" are one name."""
    return re.sub(r"[\W_]", "", loose(name))
