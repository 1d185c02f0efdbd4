namespace TaalasSim.ChipModel.Files;

/// <summary>
/// Range and unit of a numeric field of a description, its own ends included. The checks of every way in (<see cref="DescriptionCheck"/>)
/// and the JSON schemas (<see cref="YamlSchema"/>) take it from here. It belongs on every number, constant, list of numbers and dictionary
/// of constants.
/// </summary>
/// <param name="low">Smallest value.</param>
/// <param name="high">Largest value.</param>
/// <param name="unit">Unit, also that of a constant; <c>1</c> for none, <see cref="AnyUnit"/> where the file states it.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FieldRangeAttribute(double low, double high, string unit) : Attribute
{
    /// <summary>Unit of a field whose unit is another field of the file.</summary>
    public const string AnyUnit = "*";

    /// <summary>Smallest value.</summary>
    public double Low { get; } = low;

    /// <summary>Largest value.</summary>
    public double High { get; } = high;

    /// <summary>Unit.</summary>
    public string Unit { get; } = unit;

    /// <summary>Unit for people: nothing for pure numbers.</summary>
    public string UnitText => Unit is "1" or "x" or "fraction" or AnyUnit ? "" : " " + Unit;

    /// <summary>The range for people, e.g. <c>0.001 … 20 GHz</c>.</summary>
    public string Text => FormattableString.Invariant($"{Low:0.######} … {High:0.######}{UnitText}");

    /// <summary>Whether a constant may state that unit.</summary>
    public bool Takes(string unit) => Unit == AnyUnit || unit == Unit || (IsPure(unit) && IsPure(Unit));

    private static bool IsPure(string unit) => unit is "" or "1" or "x" or "fraction";
}
