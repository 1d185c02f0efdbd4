using System.Globalization;

namespace TaalasSim.Reports.Pages;

/// <summary>A control of the page: one of a list of values.</summary>
/// <param name="Key">Its key in <c>LivePoint.Parse</c>.</param>
/// <param name="Label">What it is, with its unit.</param>
/// <param name="Values">Values in order, as written.</param>
/// <param name="Start">Place of the value that the report was made with.</param>
/// <param name="Words">Values in words where they differ, in the same order; empty where they do not.</param>
public sealed record LiveControl(string Key, string Label, IReadOnlyList<string> Values, int Start, IReadOnlyList<string> Words)
{
    /// <summary>Whether its values are numbers that need no words: a slider.</summary>
    public bool IsNumeric =>
        Words.Count == 0 && Values.All(v => double.TryParse(v, NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    /// <summary>A value in words.</summary>
    public string Word(int place) => Words.Count > 0 ? Words[place] : Values[place];
}
