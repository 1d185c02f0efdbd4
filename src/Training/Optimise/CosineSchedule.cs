namespace TaalasSim.Training.Optimise;

/// <summary>Learning rate that rises linearly and then falls along half a cosine (Loshchilov and Hutter, ICLR 2017).</summary>
/// <param name="Peak">Highest rate, reached at the end of the warm-up.</param>
/// <param name="WarmUp">Steps of the rise.</param>
/// <param name="Steps">Steps in all.</param>
public sealed record CosineSchedule(float Peak, int WarmUp, int Steps)
{
    /// <summary>Rate at the last step, as a share of the peak.</summary>
    private const double Floor = 0.02;

    /// <summary>The rate of a step.</summary>
    /// <param name="step">1 to Steps.</param>
    public float At(int step)
    {
        if (step <= WarmUp)
            return Peak * step / WarmUp;
        var progress = (double)(step - WarmUp) / Math.Max(1, Steps - WarmUp);
        return (float)(Peak * (Floor + ((1 - Floor) * 0.5 * (1 + Math.Cos(Math.PI * progress)))));
    }
}
