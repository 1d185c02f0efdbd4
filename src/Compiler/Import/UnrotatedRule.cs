namespace TaalasSim.Compiler.Import;

/// <summary>Which layers of an architecture leave queries and keys unrotated.</summary>
public enum UnrotatedRule
{
    /// <summary>None.</summary>
    None,

    /// <summary>All.</summary>
    All,

    /// <summary>Every fourth.</summary>
    EveryFourth,

    /// <summary>Those without a window, in a model that has windows.</summary>
    WithoutWindow,

    /// <summary>All, where <c>rope.scaling.finetuned</c> is false.</summary>
    UnlessFinetuned,
}
