namespace TaalasSim.Runtime.Decode;

/// <summary>Says which tokens may come next, and follows those that came: a grammar.</summary>
public interface ITokenFilter
{
    /// <summary>Whether the token may come next.</summary>
    bool Allows(int token);

    /// <summary>Takes a token that came.</summary>
    /// <exception cref="InvalidOperationException">It was not allowed.</exception>
    void Accept(int token);
}
