namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Value of the IMAGE_STATE register.</summary>
public enum ImageState
{
    /// <summary>There is no image.</summary>
    None = 0,

    /// <summary>Pieces arrive.</summary>
    Loading = 1,

    /// <summary>All bytes are there and were checked; waits for IMAGE_ACTIVATE.</summary>
    Verifying = 2,

    /// <summary>The image runs.</summary>
    Active = 3,

    /// <summary>A check failed.</summary>
    Rejected = 4,
}
