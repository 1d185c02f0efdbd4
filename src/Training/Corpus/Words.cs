namespace TaalasSim.Training.Corpus;

/// <summary>The word lists from which a story's cast and props are drawn.</summary>
internal static class Words
{
    public static readonly string[] Girls = ["Lily", "Mia", "Anna", "Ella", "Rosa", "Nora", "Zoe", "Ivy", "Sara", "Lucy"];
    public static readonly string[] Boys = ["Tom", "Ben", "Max", "Sam", "Leo", "Jack", "Finn", "Tim", "Otto", "Paul"];
    public static readonly string[] AnimalNames = ["Pip", "Coco", "Momo", "Teddy", "Bella", "Dot", "Rusty", "Snow"];
    public static readonly string[] AnimalHeroes = ["rabbit", "bear", "fox", "duck", "mouse", "cat", "dog", "frog"];
    public static readonly string[] Animals = ["dog", "cat", "bird", "rabbit", "duck", "squirrel", "mouse", "pony", "owl", "goat"];
    public static readonly string[] Parents = ["mom", "dad", "grandma", "grandpa"];
    public static readonly string[] Toys = ["ball", "kite", "doll", "car", "book", "hat", "drum", "boat", "train", "scarf"];
    public static readonly string[] Colours = ["red", "blue", "green", "yellow", "orange", "pink", "white", "purple"];
    public static readonly string[] Places = ["park", "garden", "forest", "field", "yard", "meadow"];
    public static readonly string[] Sizes = ["small", "big", "little", "tiny", "friendly", "old", "brown", "funny"];
    public static readonly string[] Characters = ["little", "young", "kind", "happy", "brave", "quiet", "clever", "small"];
    public static readonly string[] Foods = ["cake", "pie", "pizza", "pudding", "salad", "tart"];
    public static readonly string[] Fruits = ["apple", "pear", "banana", "carrot", "cookie", "sandwich"];
    public static readonly string[] Skills =
    [
        "ride a bike",
        "swim",
        "fly a kite",
        "climb a tree",
        "skate",
        "sing a song",
        "dance",
        "draw a horse",
        "play the piano",
        "tie a knot",
    ];

    /// <summary>Places to rest; each reads after "sat down" and after "sitting alone".</summary>
    public static readonly string[] Seats = ["on a bench", "under a tree", "near the pond", "on a rock", "in the grass"];

    /// <summary>Places to look; each reads after "looked" and after "was".</summary>
    public static readonly string[] Spots =
    [
        "under the bench",
        "behind a tree",
        "in the tall grass",
        "near the pond",
        "under the bridge",
        "behind the fence",
        "next to a rock",
    ];
}
