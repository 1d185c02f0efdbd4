using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Reports.Workbooks;

/// <summary>One sheet as it is filled, row by row. Texts are never formulas, whatever they begin with.</summary>
internal sealed class WorkbookSheet(string name)
{
    private readonly SheetData _data = new();
    private Row _row = new();
    private int _column;

    /// <summary>Name of the sheet.</summary>
    public string Name => name;

    /// <summary>Number of the row that is filled, from 1.</summary>
    public int Row { get; private set; }

    /// <summary>Names of cells, absolute.</summary>
    public List<(string Name, string Cell)> Names { get; } = [];

    /// <summary>Begins a row.</summary>
    public WorkbookSheet NewRow()
    {
        Row++;
        _row = new Row { RowIndex = (uint)Row };
        _data.Append(_row);
        _column = 0;
        return this;
    }

    /// <summary>Adds a text; hidden characters are written out.</summary>
    public WorkbookSheet Text(string text, bool bold = false)
    {
        var cell = Next(bold ? WorkbookStyle.Bold : WorkbookStyle.Plain);
        cell.DataType = CellValues.InlineString;
        cell.InlineString = new InlineString(new Text(NameGate.Visible(text)) { Space = SpaceProcessingModeValues.Preserve });
        return this;
    }

    /// <summary>Adds a number.</summary>
    public WorkbookSheet Number(double value, uint style = WorkbookStyle.Plain)
    {
        Next(style).CellValue = Value(value);
        return this;
    }

    /// <summary>Adds a formula with its value, which a reader shows that does not calculate.</summary>
    /// <param name="formula">Formula without the sign of equality.</param>
    /// <param name="value">What it gives.</param>
    /// <param name="style">How it looks.</param>
    public WorkbookSheet Formula(string formula, double value, uint style = WorkbookStyle.Plain)
    {
        var cell = Next(style);
        cell.CellFormula = new CellFormula(formula);
        cell.CellValue = Value(value);
        return this;
    }

    /// <summary>Names the cell that was added last.</summary>
    public WorkbookSheet Named(string cell)
    {
        Names.Add((cell, $"{Name}!${Letters(_column - 1)}${Row.ToString(CultureInfo.InvariantCulture)}"));
        return this;
    }

    /// <summary>The sheet with widths of its columns and its first rows held.</summary>
    /// <param name="widths">Widths in characters.</param>
    /// <param name="held">Rows that stay in view.</param>
    public Worksheet ToWorksheet(IReadOnlyList<double> widths, int held)
    {
        var view = new SheetView(
            new Pane
            {
                VerticalSplit = held,
                TopLeftCell = $"A{(held + 1).ToString(CultureInfo.InvariantCulture)}",
                ActivePane = PaneValues.BottomLeft,
                State = PaneStateValues.Frozen,
            }
        )
        {
            WorkbookViewId = 0,
        };
        var columns = widths.Select(
            (width, i) =>
                new Column
                {
                    Min = (uint)i + 1,
                    Max = (uint)i + 1,
                    Width = width,
                    CustomWidth = true,
                }
        );
        return new Worksheet(new SheetViews(view), new Columns(columns), _data);
    }

    /// <summary>A column by its letters.</summary>
    /// <param name="column">Column, from 0.</param>
    public static string Letters(int column) =>
        column < 26 ? ((char)('A' + column)).ToString() : Letters((column / 26) - 1) + (char)('A' + (column % 26));

    private Cell Next(uint style)
    {
        var cell = new Cell { CellReference = $"{Letters(_column++)}{Row.ToString(CultureInfo.InvariantCulture)}", StyleIndex = style };
        _row.Append(cell);
        return cell;
    }

    private static CellValue Value(double value) => new(value.ToString("R", CultureInfo.InvariantCulture));
}
