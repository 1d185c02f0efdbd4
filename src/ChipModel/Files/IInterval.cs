namespace TaalasSim.ChipModel.Files;

/// <summary>A value of a description with the interval it is believed to lie in.</summary>
public interface IInterval
{
    /// <summary>Best estimate.</summary>
    double Value { get; }

    /// <summary>Lower end.</summary>
    double Low { get; }

    /// <summary>Upper end.</summary>
    double High { get; }

    /// <summary>Unit of the three.</summary>
    string Unit { get; }

    /// <summary>Where it comes from.</summary>
    string Source { get; }

    /// <summary>How sure the source is: <c>exact</c>, <c>high</c>, <c>medium</c> or <c>low</c>.</summary>
    string Confidence { get; }
}
