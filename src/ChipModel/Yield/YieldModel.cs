namespace TaalasSim.ChipModel.Yield;

/// <summary>Which formula turns defects per die into yield. Names are not standard between texts, so reports print the formula.</summary>
public enum YieldModel
{
    /// <summary>Y = exp(−AD).</summary>
    Poisson,

    /// <summary>Y = ((1 − exp(−AD)) / AD)² (B. T. Murphy, Proc. IEEE 52, 1964, triangular density).</summary>
    Murphy,

    /// <summary>Y = exp(−√AD).</summary>
    Seeds,

    /// <summary>Y = 1 / (1 + AD); some texts call this one Seeds.</summary>
    BoseEinstein,

    /// <summary>Y = (1 + AD/α)^−α (C. H. Stapper, IBM J. Res. Dev. 27, 1983).</summary>
    NegativeBinomial,
}
