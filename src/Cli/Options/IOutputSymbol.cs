namespace TaalasSim.Cli.Options;

/// <summary>An option or argument that names a file or folder to write; <see cref="OutputGuard"/> keeps it off the inputs.</summary>
internal interface IOutputSymbol;
