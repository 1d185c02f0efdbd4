using TaalasSim.Training.Model;

namespace TaalasSim.Training.Optimise;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019, algorithm 2). Norm gains do not decay.</summary>
public sealed class AdamW(ParameterLayout layout)
{
    private const float Epsilon = 1e-8f;

    /// <summary>Decay of the mean of gradients.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Decay of the mean of squared gradients.</summary>
    public float Beta2 { get; init; } = 0.98f;

    /// <summary>Share of a weight that is taken away in a step, per unit of learning rate.</summary>
    public float WeightDecay { get; init; } = 0.1f;

    /// <summary>Running means of the gradients.</summary>
    public float[] FirstMoments { get; } = new float[layout.Count];

    /// <summary>Running means of the squared gradients.</summary>
    public float[] SecondMoments { get; } = new float[layout.Count];

    /// <summary>Moves the parameters one step.</summary>
    /// <param name="parameters">Changed in place.</param>
    /// <param name="gradient">Derivatives of the loss.</param>
    /// <param name="gradientScale">Factor for the gradient, from <see cref="GradientClip"/>.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="step">Number of this step, from 1; corrects the bias of young means.</param>
    public void Step(float[] parameters, float[] gradient, float gradientScale, float learningRate, int step)
    {
        var rate = learningRate / (float)(1 - Math.Pow(Beta1, step));
        var correction2 = (float)(1 / (1 - Math.Pow(Beta2, step)));
        foreach (var block in layout.Blocks)
        {
            var keep = block.IsNorm ? 1 : 1 - (learningRate * WeightDecay);
            for (var i = block.Offset; i < block.Offset + block.Count; i++)
            {
                var g = gradient[i] * gradientScale;
                var m = FirstMoments[i] = (Beta1 * FirstMoments[i]) + ((1 - Beta1) * g);
                var v = SecondMoments[i] = (Beta2 * SecondMoments[i]) + ((1 - Beta2) * g * g);
                parameters[i] = (parameters[i] * keep) - (rate * m / (MathF.Sqrt(v * correction2) + Epsilon));
            }
        }
    }
}
