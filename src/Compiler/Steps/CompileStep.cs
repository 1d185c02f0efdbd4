using System.Text.Json;

namespace TaalasSim.Compiler.Steps;

/// <summary>One step of the compiler.</summary>
public abstract class CompileStep
{
    /// <summary>Name on the command line: the class in lower case with hyphens, e.g. <c>place-banks</c>.</summary>
    public string Name => JsonNamingPolicy.KebabCaseLower.ConvertName(GetType().Name);

    /// <summary>What it does, as progress shows it.</summary>
    public abstract string Title { get; }

    /// <summary>Type of the stage that it takes.</summary>
    public abstract Type From { get; }

    /// <summary>Type of the stage that it makes.</summary>
    public abstract Type To { get; }

    /// <summary>Makes the next stage and checks it.</summary>
    /// <exception cref="StepFault">The stage does not hold what the one before it held.</exception>
    public abstract Stage Run(Stage from, StepContext context);
}
