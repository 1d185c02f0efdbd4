using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Steps;

/// <summary>
/// The compiler: the list of its steps. Each takes the stage that the one before it made, so a command runs as much of the list as it
/// needs: <c>compile</c> all of it, <c>fit</c> up to the fit, comparisons and sweeps up to the placement.
/// </summary>
public static class CompilerSteps
{
    /// <summary>The steps in their order.</summary>
    public static IReadOnlyList<CompileStep> All { get; } =
    [
        new ImportModel(),
        new ChooseFormats(),
        new PlaceBanks(),
        new MeasureFit(),
        new RouteReductions(),
        new FillWeights(),
        new FillDataflow(),
        new FillAdapters(),
        new DescribeImage(),
    ];

    /// <summary>Runs the steps that lead from a stage to a later one.</summary>
    /// <typeparam name="TStage">Stage to end with.</typeparam>
    /// <param name="from">Stage to begin with.</param>
    /// <param name="context">How to run the steps; null runs them silently and without an image.</param>
    public static TStage Run<TStage>(Stage from, StepContext? context = null)
        where TStage : Stage => (TStage)RunUntil(from, All.Single(s => s.To == typeof(TStage)), context);

    /// <summary>Runs the steps from a stage to a step, that step included.</summary>
    /// <param name="from">Stage to begin with.</param>
    /// <param name="last">Step to end with.</param>
    /// <param name="context">How to run the steps; null runs them silently and without an image.</param>
    public static Stage RunUntil(Stage from, CompileStep last, StepContext? context = null)
    {
        context ??= new StepContext();
        var stage = from;
        foreach (var step in All.SkipWhile(s => s.From != from.GetType()))
        {
            context.Cancel.ThrowIfCancellationRequested();
            context.Progress?.Report(new CompileProgress(step.Title, 0));
            stage = step.Run(stage, context);
            if (step == last)
                return stage;
        }

        throw new ArgumentException($"no steps lead from {from.GetType().Name} to {last.Name}", nameof(last));
    }

    /// <summary>A step by its name.</summary>
    /// <exception cref="InputException">No such step.</exception>
    public static CompileStep Named(string name) =>
        All.FirstOrDefault(s => s.Name == name)
        ?? throw new InputException($"no step '{name}'; the steps are {string.Join(", ", All.Select(s => s.Name))}");
}
