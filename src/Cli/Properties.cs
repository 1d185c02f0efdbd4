using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("TaalasSim.Cli.Tests")]
