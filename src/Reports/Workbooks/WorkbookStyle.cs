using DocumentFormat.OpenXml.Spreadsheet;

namespace TaalasSim.Reports.Workbooks;

/// <summary>How cells look: places in the list of cell formats.</summary>
internal static class WorkbookStyle
{
    /// <summary>As it comes.</summary>
    public const uint Plain = 0;

    /// <summary>Heads.</summary>
    public const uint Bold = 1;

    /// <summary>Days.</summary>
    public const uint Date = 2;

    /// <summary>Shares as percentages with three decimals.</summary>
    public const uint Percent = 3;

    /// <summary>Money in whole dollars.</summary>
    public const uint Dollars = 4;

    private const uint DateFormat = 164,
        PercentFormat = 165,
        WholeFormat = 3;

    /// <summary>The list.</summary>
    public static Stylesheet Sheet() =>
        new(
            new NumberingFormats(
                new NumberingFormat { NumberFormatId = DateFormat, FormatCode = "yyyy-mm-dd" },
                new NumberingFormat { NumberFormatId = PercentFormat, FormatCode = "0.000%" }
            ),
            new Fonts(new Font(), new Font(new Bold())),
            new Fills(
                new Fill(new PatternFill { PatternType = PatternValues.None }),
                new Fill(new PatternFill { PatternType = PatternValues.Gray125 })
            ),
            new Borders(new Border()),
            new CellStyleFormats(new CellFormat()),
            new CellFormats(
                new CellFormat(),
                new CellFormat { FontId = 1, ApplyFont = true },
                new CellFormat { NumberFormatId = DateFormat, ApplyNumberFormat = true },
                new CellFormat { NumberFormatId = PercentFormat, ApplyNumberFormat = true },
                new CellFormat { NumberFormatId = WholeFormat, ApplyNumberFormat = true }
            )
        );
}
