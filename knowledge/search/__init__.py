"""Finding what answers a question: everything the catalogue can say as candidates, ranked by what was learned."""
