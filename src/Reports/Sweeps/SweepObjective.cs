namespace TaalasSim.Reports.Sweeps;

/// <summary>A figure, or a formula over figures and fields, that should be small or large: exactly one of the two.</summary>
public sealed record SweepObjective
{
    /// <summary>What should be small.</summary>
    public string Minimize { get; init; } = "";

    /// <summary>What should be large.</summary>
    public string Maximize { get; init; } = "";

    /// <summary>Whether more is better.</summary>
    public bool IsMaximum => Maximize.Length > 0;

    /// <summary>The formula.</summary>
    public string Formula => IsMaximum ? Maximize : Minimize;
}
