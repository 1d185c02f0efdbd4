namespace TaalasSim.Compiler.Steps;

/// <summary>A step between two kinds of stage.</summary>
public abstract class CompileStep<TFrom, TTo> : CompileStep
    where TFrom : Stage
    where TTo : Stage
{
    /// <inheritdoc/>
    public sealed override Type From => typeof(TFrom);

    /// <inheritdoc/>
    public sealed override Type To => typeof(TTo);

    /// <inheritdoc/>
    public sealed override Stage Run(Stage from, StepContext context)
    {
        var to = Make((TFrom)from, context);
        return Faults((TFrom)from, to) is { } fault ? throw new StepFault($"{Name}: {fault}") : to;
    }

    /// <summary>What was lost between the two stages; null when nothing was. Cheap enough to run every time.</summary>
    public virtual string? Faults(TFrom from, TTo to) => null;

    /// <summary>Makes the next stage.</summary>
    protected abstract TTo Make(TFrom from, StepContext context);
}
