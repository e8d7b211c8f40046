"""New anime: what their facts say of them until ratings speak."""
