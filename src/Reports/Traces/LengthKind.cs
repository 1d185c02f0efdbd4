namespace TaalasSim.Reports.Traces;

/// <summary>How lengths of prompts and answers spread in a generated trace; all have the stated mean before rounding to whole tokens of at
/// least 1.</summary>
public enum LengthKind
{
    /// <summary>All alike.</summary>
    Fixed,

    /// <summary>Exponential: many short ones, coefficient of variation 1.</summary>
    Exponential,

    /// <summary>Log-normal with coefficient of variation 1: few very long ones.</summary>
    LogNormal,

    /// <summary>Uniform from 1 to twice the mean.</summary>
    Uniform,
}
