namespace TaalasSim.Architecture.Tests;

/// <summary>A folder of a project below src; its namespace follows from it.</summary>
/// <param name="Project">The project, e.g. <c>Runtime</c>.</param>
/// <param name="Name">The folder below the project, e.g. <c>Card/Link</c>; <c>.</c> for the project's root.</param>
internal sealed record Folder(string Project, string Name)
{
    /// <summary>The namespace of the folder's types.</summary>
    public string Namespace => Name == "." ? $"TaalasSim.{Project}" : $"TaalasSim.{Project}.{Name.Replace('/', '.')}";

    /// <summary>The folder below the checkout's root.</summary>
    public string Path => Name == "." ? $"src/{Project}" : $"src/{Project}/{Name}";

    /// <inheritdoc/>
    public override string ToString() => Path;
}
