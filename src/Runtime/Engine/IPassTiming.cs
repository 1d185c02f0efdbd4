using TaalasSim.Runtime.Card.Core;

namespace TaalasSim.Runtime.Engine;

/// <summary>What a pass costs on the fabric: the closed form or the event engine.</summary>
public interface IPassTiming
{
    /// <summary>Cost of appending <paramref name="tokens"/> tokens to a context that already holds <paramref name="position"/>; one token
    /// is a decode step.</summary>
    CoreTiming Prefill(int position, int tokens);
}
