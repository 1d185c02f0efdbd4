namespace TaalasSim.Runtime.Tests.Rtl;

/// <summary>Sizes of a tiny model.</summary>
/// <param name="Heads">Query heads.</param>
/// <param name="KvHeads">Key and value heads; divides the query heads.</param>
/// <param name="HeadSize">Elements of a head.</param>
/// <param name="Width">Elements of the residual stream.</param>
/// <param name="FeedForward">Elements between the feed-forward matrices.</param>
/// <param name="Layers">Layers.</param>
internal sealed record TinySizes(int Heads = 2, int KvHeads = 1, int HeadSize = 16, int Width = 32, int FeedForward = 48, int Layers = 2);
