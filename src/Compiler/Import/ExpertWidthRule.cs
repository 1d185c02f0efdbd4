namespace TaalasSim.Compiler.Import;

/// <summary>Where the width of one expert of a mixture comes from.</summary>
public enum ExpertWidthRule
{
    /// <summary>The key <c>feed_forward_length</c>; the experts' own key where that is absent.</summary>
    FeedForward,

    /// <summary>The key <c>feed_forward_length</c>, which must be there.</summary>
    Dense,

    /// <summary>The key <c>expert_feed_forward_length</c>, which must be there.</summary>
    Own,

    /// <summary>The key <c>expert_feed_forward_length</c>; without it the experts in use share the dense width.</summary>
    OwnOrShare,
}
