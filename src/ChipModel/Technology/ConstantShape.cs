namespace TaalasSim.ChipModel.Technology;

/// <summary>How belief in a constant spreads over its interval.</summary>
public enum ConstantShape
{
    /// <summary>Most at the value, 5 % beyond either end.</summary>
    Normal,

    /// <summary>Half at the low end and half at the high end: two readings of one source, nothing between them.</summary>
    Either,
}
