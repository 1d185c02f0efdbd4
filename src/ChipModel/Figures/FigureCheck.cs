using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Figures;

/// <summary>The last check: whatever the descriptions say, no rate, watt, area, dollar or time is negative or not finite.</summary>
public static class FigureCheck
{
    /// <summary>Refuses a figure that cannot be.</summary>
    /// <param name="figure">Figure.</param>
    /// <param name="interval">Its value and interval.</param>
    /// <param name="fabric">Name of the fabric, for the message.</param>
    /// <exception cref="InputException">It is negative or not finite.</exception>
    public static void Need(FigureDefinition figure, UncertaintyRange interval, string fabric)
    {
        if (IsSound(figure, interval.Value) && IsSound(figure, interval.Low) && IsSound(figure, interval.High))
            return;
        var value = IsSound(figure, interval.Value) ? interval.Low : interval.Value;
        throw new InputException(
            FormattableString.Invariant(
                $"{fabric}: {figure.Label} comes out as {value:G4} {figure.Unit}; constants of fabric, process or prices do not go together"
            )
        );
    }

    /// <summary>Whether a value can be that of a figure.</summary>
    public static bool IsSound(FigureDefinition figure, double value) =>
        // Temperatures lie on a scale that goes below zero; a model without keys and values holds any number of users.
        figure.Unit == "C"
            ? double.IsFinite(value)
        : figure.Unit == "users" ? value >= 0
        : value >= 0 && double.IsFinite(value);
}
