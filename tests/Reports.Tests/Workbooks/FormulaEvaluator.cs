using System.Globalization;
using System.IO.Compression;
using System.Xml.Linq;

namespace TaalasSim.Reports.Tests.Workbooks;

/// <summary>Calculates a workbook from its XML by the rules of spreadsheets, as far as these workbooks need them: + − * / ^, brackets,
/// comparisons by =, IF, MAX, MIN, SUM over a range, cells and names. It knows nothing of the writer; values that are stored beside
/// formulas are not read.</summary>
internal sealed class FormulaEvaluator
{
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    private readonly Dictionary<(string Sheet, string Cell), (string? Formula, double Value)> _cells = [];
    private readonly Dictionary<string, (string Sheet, string Cell)> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Sheet, string Cell), double> _known = [];
    private string _text = "";
    private string _sheet = "";
    private int _at;

    /// <summary>Reads a file.</summary>
    public FormulaEvaluator(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        var workbook = Part("xl/workbook.xml");
        var sheets = workbook.Descendants(Main + "sheet").Select(s => (string)s.Attribute("name")!).ToArray();
        for (var i = 0; i < sheets.Length; i++)
            foreach (var cell in Part(SheetPath(i)).Descendants(Main + "c"))
            {
                var formula = (string?)cell.Element(Main + "f");
                var value = (string?)cell.Element(Main + "v");
                if (formula is not null || value is not null)
                    _cells[(sheets[i], (string)cell.Attribute("r")!)] = (
                        formula,
                        formula is null ? double.Parse(value!, CultureInfo.InvariantCulture) : double.NaN
                    );
            }

        foreach (var name in workbook.Descendants(Main + "definedName"))
        {
            var parts = name.Value.Replace("$", "", StringComparison.Ordinal).Split('!');
            _names[(string)name.Attribute("name")!] = (parts[0], parts[1]);
        }

        XDocument Part(string part)
        {
            using var stream = zip.GetEntry(part)!.Open();
            return XDocument.Load(stream);
        }

        string SheetPath(int index) =>
            zip
                .Entries.Select(e => e.FullName)
                .Where(n => n.StartsWith("xl/worksheets/sheet", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .ElementAt(index);
    }

    /// <summary>Names of cells.</summary>
    public IReadOnlyCollection<string> Names => _names.Keys;

    /// <summary>Cells with formulas.</summary>
    public int Formulas => _cells.Values.Count(c => c.Formula is not null);

    /// <summary>Value of a named cell.</summary>
    public double this[string name]
    {
        get => Value(_names[name]);
        set
        {
            _cells[_names[name]] = (null, value);
            _known.Clear();
        }
    }

    private double Value((string Sheet, string Cell) place)
    {
        if (_known.TryGetValue(place, out var known))
            return known;
        var (formula, value) = _cells.GetValueOrDefault(place);
        if (formula is null)
            return value;
        var outer = (_text, _sheet, _at);
        (_text, _sheet, _at) = (formula, place.Sheet, 0);
        var result = Equality();
        if (_at != _text.Length)
            throw new FormatException($"{place}: '{_text}' is not understood from {_at}");
        (_text, _sheet, _at) = outer;
        return _known[place] = result;
    }

    private double Equality()
    {
        var left = Sum();
        return Take('=') ? (left == Sum() ? 1 : 0) : left;
    }

    private double Sum()
    {
        var sum = Product();
        while (true)
        {
            if (Take('+'))
                sum += Product();
            else if (Take('-'))
                sum -= Product();
            else
                return sum;
        }
    }

    private double Product()
    {
        var product = Power();
        while (true)
        {
            if (Take('*'))
                product *= Power();
            else if (Take('/'))
                product /= Power();
            else
                return product;
        }
    }

    private double Power()
    {
        var value = Take('-') ? -Atom() : Atom();
        return Take('^') ? Math.Pow(value, Atom()) : value;
    }

    private double Atom()
    {
        if (Take('('))
        {
            var inner = Equality();
            Need(')');
            return inner;
        }

        var from = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '.' or '$'))
            _at++;
        var word = _text[from.._at].Replace("$", "", StringComparison.Ordinal);
        if (Take('('))
            return Function(word);
        return double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number
            : _names.TryGetValue(word, out var place) ? Value(place)
            : Value((_sheet, word));
    }

    private double Function(string name)
    {
        if (name == "SUM")
        {
            var range = _text[_at.._text.IndexOf(')', _at)].Split(':');
            _at = _text.IndexOf(')', _at) + 1;
            var (column, first, last) = (
                range[0].TrimEnd("0123456789".ToCharArray()),
                int.Parse(range[0].TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZ".ToCharArray()), CultureInfo.InvariantCulture),
                int.Parse(range[1].TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZ".ToCharArray()), CultureInfo.InvariantCulture)
            );
            return Enumerable.Range(first, last - first + 1).Sum(row => Value((_sheet, FormattableString.Invariant($"{column}{row}"))));
        }

        var arguments = new List<double> { Equality() };
        while (Take(','))
            arguments.Add(Equality());
        Need(')');
        return name switch
        {
            "MAX" => arguments.Max(),
            "MIN" => arguments.Min(),
            "IF" => arguments[0] != 0 ? arguments[1] : arguments[2],
            _ => throw new FormatException($"function {name}"),
        };
    }

    private bool Take(char c)
    {
        if (_at >= _text.Length || _text[_at] != c)
            return false;
        _at++;
        return true;
    }

    private void Need(char c)
    {
        if (!Take(c))
            throw new FormatException($"'{_text}': no '{c}' at {_at}");
    }
}
