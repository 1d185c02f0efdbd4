using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Outcome of verifying a runtime image.</summary>
/// <param name="Code">0000, 0301, 0302 or 0303.</param>
/// <param name="Failed">The first check that failed.</param>
/// <param name="Message">What, where and what to do; empty when the image is good.</param>
/// <param name="Image">The parsed image, when it is good.</param>
public sealed record ImageVerdict(StatusCode Code, ImageCheck Failed, string Message, ChipRuntimeImage? Image);
