namespace TaalasSim.Reports.Pages;

/// <summary>The page's style sheet: readable on a phone, on a wide screen and on paper.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root { color-scheme: light; }
        body { font: 16px/1.5 system-ui, "DejaVu "
            + "Sans", sans-serif; color: #222; background: #fff; max-width: 60rem; margin: 0 auto; padding: 1rem; }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: .5rem 0; }
        h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; border-bottom: 2px solid #0072B2; padding-bottom: .2rem; }
        p, li { max-width: 46rem; }
        .muted { color: #595959; font-size: .9rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .92rem; }
        caption { text-align: left; font-weight: 600; padding: .4rem 0; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #ddd; }
        td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
        td.code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .85rem; overflow-wrap: anywhere; }
        tr.chip td, tr.chip th { background: #eaf3fa; }
        .interval { display: block; color: #595959; font-size: .82rem; }
        figure { margin: 1rem 0; }
        img { max-width: 100%; height: auto; }
        figcaption { color: #595959; font-size: .9rem; }
        pre { background: #f5f5f5; padding: .7rem; overflow-x: auto; white-space: pre-wrap; }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .8rem; margin: 1rem 0; }
        .card { border: 1px solid #ccc; border-radius: .4rem; padding: .7rem; }
        .card b { display: block; font-size: 1.5rem; line-height: 1.25; }
        @media print {
          body { max-width: none; padding: 0; font-size: 10.5pt; }
          h2 { break-after: avoid; }
          figure, tr, .card { break-inside: avoid; }
          .wide { overflow: visible; }
        }
        """;
}
