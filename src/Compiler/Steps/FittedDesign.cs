using TaalasSim.Compiler.Fit;

namespace TaalasSim.Compiler.Steps;

/// <summary>A placed design and how it fits its fabric.</summary>
/// <param name="Placed">The design.</param>
/// <param name="Fit">Use of every resource.</param>
public sealed record FittedDesign(PlacedDesign Placed, FitReport Fit) : Stage
{
    /// <inheritdoc/>
    public override void WriteText(TextWriter text)
    {
        text.WriteLine($"# {(Fit.Fits ? "fits" : "does not fit")}: {Fit.Binding.Name} binds");
        foreach (var resource in Fit.Resources)
            text.WriteLine(FormattableString.Invariant($"{resource.Name}: {resource.Used:R} of {resource.Available:R} {resource.Unit}"));
        foreach (var room in Fit.HeadRoom)
            text.WriteLine($"room for {room}");
        foreach (var change in Fit.Changes)
            text.WriteLine($"would fit with {change}");
    }
}
