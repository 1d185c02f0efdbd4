namespace TaalasSim.Runtime.Functional;

/// <summary>What one token does to the states of a layer's heads, and what they say.</summary>
internal interface IStateStep
{
    /// <summary>Changes the states by one token and asks them.</summary>
    /// <param name="states">[head][key element][value element].</param>
    /// <param name="mixed">Queries, keys and values as the operator has them; may be changed.</param>
    /// <param name="gates">[gate of the operator][head].</param>
    /// <param name="y">[head][value element].</param>
    void Step(Span<float> states, Span<float> mixed, ReadOnlySpan<float> gates, Span<float> y);
}
