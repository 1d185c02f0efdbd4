namespace TaalasSim.Server.Slots;

/// <summary>Why an answer ended.</summary>
public enum StopKind
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>An end of generation came.</summary>
    End,

    /// <summary>The number of tokens, the context, the indentation or the time was reached.</summary>
    Limit,

    /// <summary>A stop text came.</summary>
    Word,
}
