using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Cost;

/// <summary>A GPU to rent or buy, or an API.</summary>
public sealed record Alternative
{
    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary><c>hourly</c> (USD per card and hour), <c>card</c> (USD per card) or <c>api</c> (USD per million answer tokens).</summary>
    public required string Kind { get; init; }

    /// <summary>Of an API: the model that the price is of, a name of <c>chips/models</c>; empty where the list does not say.</summary>
    public string Model { get; init; } = "";

    /// <summary>The price.</summary>
    [FieldRange(0, 1e9, "*")]
    public required Constant Usd { get; init; }

    /// <summary>Of an API: USD per million prompt tokens; absent when prompts cost nothing or it is not known.</summary>
    [FieldRange(0, 1e6, "USD/Mtok")]
    public Constant? InputUsd { get; init; }
}
