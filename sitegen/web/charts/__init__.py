"""Charts as Vega-Lite specifications, written with Altair, and the colours that everything on the site shares.

Open `style` first: the palette, read from theme.css, and the look of all charts. `heatmap` is a record's picture,
`histogram` the first page's; the charts of other pages lie beside the words they stand under, in `pages`.
"""
