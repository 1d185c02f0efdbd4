namespace TaalasSim.Reports.Validation;

/// <summary>One figure that is known and what the model says, in the figure's unit.</summary>
public sealed record ValidationRow
{
    /// <summary>Suite: <c>silicon</c>, <c>gpu</c>, <c>synthesis</c>, <c>formula</c>, <c>timing</c> or <c>fidelity</c>.</summary>
    public required string Suite { get; init; }

    /// <summary>Identifier, unique within its suite.</summary>
    public required string Id { get; init; }

    /// <summary>Kind of figure; rows of one group and role are scored together.</summary>
    public required string Group { get; init; }

    /// <summary><c>calibration</c>: the model was fitted on it; <c>validation</c> or <c>prediction</c>: it was not; <c>reference</c>:
    /// shown, not gated.</summary>
    public required string Role { get; init; }

    /// <summary>Unit of the figures.</summary>
    public required string Unit { get; init; }

    /// <summary>The known figure; the middle when only an interval is known.</summary>
    public required double Measured { get; init; }

    /// <summary>Lower end of what is known; equals <see cref="Measured"/> for a single figure.</summary>
    public required double MeasuredLow { get; init; }

    /// <summary>Upper end of what is known.</summary>
    public required double MeasuredHigh { get; init; }

    /// <summary>The model's best estimate.</summary>
    public required double Predicted { get; init; }

    /// <summary>Lower end of the prediction's interval.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end of the prediction's interval.</summary>
    public required double High { get; init; }

    /// <summary>100 (predicted / known − 1) against the nearest point of the known interval: 0 inside it.</summary>
    public required double ErrorPct { get; init; }

    /// <summary>Largest accepted error of the row, %.</summary>
    public required double GatePct { get; init; }

    /// <summary>Why the model misses the row, where that is published; empty elsewhere.</summary>
    public string KnownMiss { get; init; } = "";

    /// <summary>Names of the explanations of the chip in service that the prediction's interval mixes; empty for most rows.</summary>
    public IReadOnlyList<string> Hypotheses { get; init; } = [];

    /// <summary>Whether the error is within the gate; always for references. A known miss has to be one.</summary>
    public bool Pass => Role == "reference" || (Math.Abs(ErrorPct) <= GatePct) != (KnownMiss.Length > 0);

    /// <summary>Error of a prediction against the nearest point of [low, high], %.</summary>
    public static double Error(double predicted, double low, double high)
    {
        var nearest = Math.Clamp(predicted, low, high);
        return predicted == nearest ? 0 : 100 * ((predicted / nearest) - 1);
    }
}
