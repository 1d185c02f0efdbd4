namespace TaalasSim.Runtime.Engine;

/// <summary>Says what a pass costs on the fabric: the closed form or the event engine.</summary>
public interface IPassTiming
{
    /// <summary>Cost of a pass that appends <paramref name="tokens"/> tokens to a context of <paramref name="position"/> tokens: one token
    /// is a decode step, several are a prompt.</summary>
    PassCost CostOf(int position, int tokens);

    /// <summary>Cost of a pass of a diffusion model: tokens behind a context of <paramref name="position"/> tokens, each of which sees the
    /// context and all of them.</summary>
    PassCost CostOfCanvas(int position, int tokens);
}
