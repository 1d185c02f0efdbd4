using System.CommandLine;
using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Costs;

namespace TaalasSim.Cli.Options;

/// <summary>Options of a service that takes a new model every few months.</summary>
internal sealed class RespinOptions
{
    /// <summary>Months from one model to the next.</summary>
    public NumberOption<int> Months { get; } =
        new(Ranges.RespinMonths, 0, "Take a new model every N months: what chips and alternatives cost over --years.", "--respin-months");

    /// <summary>Years of the service.</summary>
    public NumberOption<int> Years { get; } = new(Ranges.Years, 3, "Years of the service with --respin-months.", "--years");

    /// <summary>Picture of the costs.</summary>
    public Option<string?> Picture { get; } =
        new OutputOption<string?>("--picture")
        {
            Description = "Picture of the costs over time with --respin-months (.png or .svg).",
            HelpName = "FILE",
        };

    /// <summary>What was asked; null for no such service.</summary>
    /// <exception cref="InputException">Options that have no meaning without the first.</exception>
    public RespinPlan? Plan(ParseResult parsed)
    {
        var picture = parsed.GetValue(Picture);
        if (parsed.GetValue(Months) is var months && months > 0)
            return picture is null || Reports.Charts.Picture.IsPictureName(picture)
                ? new RespinPlan(months, parsed.GetValue(Years))
                : throw new InputException($"--picture {picture}: name a .png or .svg file");
        var given =
            picture is not null ? "--picture"
            : parsed.GetResult(Years) is { Implicit: false } ? "--years"
            : null;
        return given is null ? null : throw new InputException($"{given}: belongs to --respin-months; give that, too");
    }
}
